#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/pipe.h"
#include "engine/engine.h"
#include "state/pipe_store.h"
#include "warehouse/warehouse.h"

namespace sluice {

struct NodeSpec {
  std::string name;
  std::string sql;
  std::optional<std::string> description;
  NodeType type = NodeType::kStandard;
  /// The cluster that it runs on, kEmbedded for the embedded engine; absent: as the node before it.
  std::optional<std::string> engine = {};
};

/// What a change of a node says; what is absent stays.
struct NodeChange {
  std::optional<std::string> name;
  std::optional<std::string> sql;
  std::optional<std::string> description;
  std::optional<size_t> position;  ///< From 0.
  std::optional<std::string> engine = {};
};

/// Pipes as their owners make them: nothing is stored before its names are checked and its SQL is
/// known to run. `draft`, `changed...` and `without_node` only check and compose; `insert`,
/// `update` and `replace` store (see PipeStore). Thread-safe; what it is given must outlive it.
/// Throws kInvalid, kForbidden (SQL that writes, a restriction, which says what to undo),
/// kNotFound, kConflict (a name is taken), kTooLarge.
class PipeCatalog {
 public:
  PipeCatalog(PipeStore& pipes, const Warehouse& warehouse, Engine& engine, Clock& clock,
              Random& random)
      : pipes_(pipes), warehouse_(warehouse), engine_(engine), clock_(clock), random_(random) {}

  /// A pipe of these nodes; `replaced`, if given, is the stored one whose place it takes (its id,
  /// and of its nodes the ids of those with the same names, are kept).
  Pipe draft(const std::string& name, const std::optional<std::string>& description,
             const std::vector<NodeSpec>& nodes, const Pipe* replaced = nullptr);
  /// `pipe` with another name or description.
  Pipe changed(Pipe pipe, const std::optional<std::string>& name,
               const std::optional<std::string>& description);
  /// `pipe` with one node changed; every node of it is checked again.
  Pipe changed_node(Pipe pipe, const Node& node, const NodeChange& change);
  /// `pipe` without the node. kForbidden where the node is a sink or more than SQL.
  Pipe without_node(Pipe pipe, const Node& node);
  void insert(const Pipe& pipe) { pipes_.insert(pipe); }
  void update(const Pipe& pipe) { pipes_.update(pipe); }
  void replace(const Pipe& pipe) { pipes_.replace(pipe); }

  Pipe create(const std::string& name, const std::optional<std::string>& description,
              const std::vector<NodeSpec>& nodes);
  Node add_node(std::string_view pipe, const NodeSpec& spec);
  void remove(std::string_view pipe);

  /// Makes the node the pipe's endpoint, the only one. kForbidden while the pipe is something else.
  void publish(Pipe pipe, const Node& node);
  /// Makes a node of that type a plain one; kInvalid where it is none.
  void undo(Pipe pipe, const Node& node, NodeType type);

  /// By id or name; throws kNotFound that names it.
  Pipe get(std::string_view id_or_name);
  static const Node& get_node(const Pipe& pipe, std::string_view id_or_name);

 private:
  /// Appends the node to `pipe` (not yet stored) once its SQL is known to run.
  void append(Pipe& pipe, const NodeSpec& spec);
  void check_names_free(const Pipe& pipe, const std::string& node_name);
  void check_pipe_name(const std::string& name, const Pipe* same);
  /// A table of that name would be hidden from the SQL that reads it.
  void check_no_data_source(const std::string& kind, const std::string& name) const;
  /// Asks the engine what the node reads; throws when it can't run.
  void describe(const Pipe& pipe, Node& node);

  PipeStore& pipes_;
  const Warehouse& warehouse_;
  Engine& engine_;
  Clock& clock_;
  Random& random_;
};

/// Throws kForbidden, with what to undo, while the pipe is a sink, an endpoint, is materializing or
/// is copying.
void check_is_plain(const Pipe& pipe);

}  // namespace sluice

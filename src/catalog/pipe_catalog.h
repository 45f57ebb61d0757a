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

namespace sluice {

struct NodeSpec {
  std::string name;
  std::string sql;
  std::optional<std::string> description;
};

/// Pipes as their owners make them: nothing is stored before its names are checked and its SQL is
/// known to run. Thread-safe; what it is given must outlive it. Throws kInvalid, kForbidden (SQL
/// that writes), kNotFound, kConflict (a name is taken), kTooLarge.
class PipeCatalog {
 public:
  PipeCatalog(PipeStore& pipes, Engine& engine, Clock& clock, Random& random)
      : pipes_(pipes), engine_(engine), clock_(clock), random_(random) {}

  Pipe create(const std::string& name, const std::optional<std::string>& description,
              const std::vector<NodeSpec>& nodes);
  Node add_node(std::string_view pipe, const NodeSpec& spec);
  void remove(std::string_view pipe);

  /// By id or name; throws kNotFound that names it.
  Pipe get(std::string_view id_or_name);
  static const Node& get_node(const Pipe& pipe, std::string_view id_or_name);

 private:
  /// Appends the node to `pipe` (not yet stored) once its SQL is known to run.
  void append(Pipe& pipe, const NodeSpec& spec);
  void check_names_free(const Pipe& pipe, const std::string& node_name);

  PipeStore& pipes_;
  Engine& engine_;
  Clock& clock_;
  Random& random_;
};

}  // namespace sluice

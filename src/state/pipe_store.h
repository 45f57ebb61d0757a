#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/pipe.h"
#include "state/read_cache.h"
#include "state/state_database.h"

namespace sluice {

/// Pipes with their nodes, sinks and schedules. Thread-safe; every call is one transaction.
class PipeStore {
 public:
  explicit PipeStore(StateDatabase& database)
      : database_(database), found_(database, kCached), named_(database, kCached) {}

  std::vector<Pipe> all();
  /// Those of the words that are the name of a pipe.
  std::set<std::string> names_among(const std::set<std::string>& words);
  std::optional<Pipe> find(std::string_view id_or_name);
  /// The pipe one of whose nodes has that name, if there is one.
  std::optional<std::string> pipe_of_node_named(std::string_view node_name);

  /// With its sink, where it has one. Throws kConflict when the name is taken, kNotFound when the
  /// sink's connection was deleted meanwhile.
  void insert(const Pipe& pipe);
  void add_node(const std::string& pipe_id, const Node& node);
  /// Puts name, description and nodes of `pipe` in the place of what is stored under its id; sink
  /// and schedule are not touched. Throws kNotFound when it was deleted meanwhile, kConflict when
  /// the name is taken.
  void update(const Pipe& pipe);
  /// The same with sink and schedule: those of `pipe`, or none.
  void replace(const Pipe& pipe);
  /// False if it was gone already. Throws kForbidden while another sink runs after its own.
  bool remove(const std::string& pipe_id);

  size_t count_sinks();
  /// Throws kForbidden when the pipe has a sink already, kNotFound when the pipe or the connection
  /// was deleted meanwhile, kInvalid where sinks would run after each other in a circle.
  void set_sink(const std::string& pipe_id, const Sink& sink, Timestamp now);
  /// The same in the place of the sink that the pipe has.
  void change_sink(const std::string& pipe_id, const Sink& sink, Timestamp now);
  /// Throws kForbidden while another sink runs after it.
  bool remove_sink(const std::string& pipe_id, Timestamp now);

  /// The pipes whose sink uses the connection.
  std::vector<Pipe> using_connection(const std::string& connection_id);
  /// The pipes whose sink runs after that of this one.
  std::vector<Pipe> following(const std::string& pipe_id);

 private:
  std::vector<Pipe> sinks_where(const std::string& condition, const std::string& value);

  static constexpr size_t kCached = 1000;

  StateDatabase& database_;
  ReadCache<std::optional<Pipe>> found_;    ///< By id or name.
  ReadCache<std::set<std::string>> named_;  ///< By the words.
};

}  // namespace sluice

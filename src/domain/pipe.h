#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "domain/format.h"
#include "domain/schedule.h"

namespace sluice {

/// What a node is for, besides being SQL for the nodes behind it. That it is the pipe's sink stands
/// in `Pipe::sink`.
enum class NodeType { kStandard, kEndpoint, kMaterialized, kCopy };

/// What callers call the embedded engine.
inline constexpr std::string_view kEmbedded = "sqlite";

/// One SQL statement of a pipe. It can read the nodes before it, other pipes, and data.
struct Node {
  std::string id;
  std::string name;
  std::string sql;
  std::optional<std::string> description;
  NodeType type = NodeType::kStandard;
  std::string engine = {};  ///< The cluster that it runs on; empty: the embedded engine.
  /// What the statement itself reads: tables (`file.table`), pipes, earlier nodes.
  std::vector<std::string> dependencies;
  Timestamp created_at;
  Timestamp updated_at;
};

/// What happens when an object of the same name is there already.
enum class WriteStrategy { kNew, kTruncate };

/// What a run with an empty result leaves behind.
enum class EmptyResult { kSkip, kWrite, kError };

/// Where a sink's result goes, and in what form. A job keeps a copy of its own.
struct SinkSettings {
  std::string connection_id;
  std::string path;  ///< `s3://bucket/prefix` or `local://prefix`.
  std::string file_template;
  Format format = Format::kCsv;
  Compression compression = Compression::kNone;
  WriteStrategy write_strategy = WriteStrategy::kNew;
  EmptyResult empty_result = EmptyResult::kSkip;
  FileOptions options = {};
};

/// Another pipe, as one refers to it.
struct PipeName {
  std::string id;
  std::string name;
};

/// Runs by call; besides by its schedule, or after another sink, or neither.
struct Sink {
  std::string node_id;
  SinkSettings settings;
  std::optional<Schedule> schedule;
  std::optional<PipeName> run_after;  ///< A run follows each run of that pipe's sink that is done.
};

/// Named SQL in nodes; the last node is its result unless one is the endpoint.
struct Pipe {
  std::string id;
  std::string name;
  std::optional<std::string> description;
  std::vector<Node> nodes;
  std::optional<Sink> sink;
  Timestamp created_at;
  Timestamp updated_at;

  /// By id or name; null if there is none. Owned by the pipe.
  const Node* find_node(std::string_view id_or_name) const;
  /// The node that is more than SQL (a pipe has at most one, its sink aside); null if none is.
  const Node* special_node() const;
};

std::string_view node_type_name(NodeType type);
/// Absent for what is no type of a stored node, `sink` among them.
std::optional<NodeType> parse_node_type(std::string_view text);

WriteStrategy parse_write_strategy(std::string_view text);
std::string_view write_strategy_name(WriteStrategy strategy);
EmptyResult parse_empty_result(std::string_view text);
std::string_view empty_result_name(EmptyResult policy);

}  // namespace sluice

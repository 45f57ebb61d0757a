#include "catalog/pipe_catalog.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/query_resolver.h"
#include "domain/name.h"

namespace sluice {
namespace {

constexpr size_t kIdBytes = 16;

std::string shown(std::string_view text) { return "'" + std::string(text.substr(0, 200)) + "'"; }

void check_sql(const NodeSpec& spec) {
  if (trim(spec.sql).empty()) {
    throw Error(ErrorCode::kInvalid, "The node " + shown(spec.name) + " has no SQL.",
                "Give one SELECT as 'sql'.");
  }
  if (!is_utf8(spec.sql)) {
    throw Error(ErrorCode::kInvalid, "The SQL of node " + shown(spec.name) + " is not UTF-8.",
                "Encode it as UTF-8.");
  }
  if (trim(spec.sql).front() == '%') {
    throw Error(ErrorCode::kInvalid,
                "The SQL of node " + shown(spec.name) + " is a template (it starts with '%').",
                "This version runs plain SQL only; write the values into the statement.");
  }
}

}  // namespace

Pipe PipeCatalog::get(std::string_view id_or_name) {
  std::optional<Pipe> pipe = pipes_.find(id_or_name);
  if (!pipe) {
    throw Error(ErrorCode::kNotFound, "There is no pipe " + shown(id_or_name) + ".",
                "GET /v0/pipes lists the pipes there are.");
  }
  return std::move(*pipe);
}

const Node& PipeCatalog::get_node(const Pipe& pipe, std::string_view id_or_name) {
  const Node* node = pipe.find_node(id_or_name);
  if (node == nullptr) {
    throw Error(ErrorCode::kNotFound,
                "The pipe '" + pipe.name + "' has no node " + shown(id_or_name) + ".",
                "GET /v0/pipes/" + pipe.name + " shows its nodes.");
  }
  return *node;
}

void PipeCatalog::check_names_free(const Pipe& pipe, const std::string& node_name) {
  // A pipe and a node of one name would be two tables of one name for the SQL that reads them.
  const std::string lower = ascii_lower(node_name);
  if (lower == ascii_lower(pipe.name) || pipes_.names().contains(lower)) {
    throw Error(ErrorCode::kInvalid, "The node name '" + node_name + "' is the name of a pipe.",
                "Choose another name, for example '" + node_name + "_node'.");
  }
  for (const Node& node : pipe.nodes) {
    if (ascii_lower(node.name) != lower) continue;
    throw Error(ErrorCode::kConflict, "The pipe has a node named '" + node_name + "' already.",
                "Choose another name.");
  }
}

void PipeCatalog::append(Pipe& pipe, const NodeSpec& spec) {
  check_name("node", spec.name);
  check_sql(spec);
  check_names_free(pipe, spec.name);
  if (pipe.nodes.size() >= limits::kNodesPerPipe) {
    throw Error(ErrorCode::kForbidden, "The pipe has " + std::to_string(pipe.nodes.size()) +
                                           " nodes, as many as a pipe "
                                           "can have.");
  }
  Node node;
  node.id = "t_" + random_.hex(kIdBytes);
  node.name = spec.name;
  node.sql = spec.sql;
  node.description = spec.description;
  node.created_at = node.updated_at = clock_.now();
  try {
    node.dependencies = engine_.describe(resolve_query(pipe, node, pipes_)).tables;
  } catch (const Error& error) {
    throw error.within("Node '" + spec.name + "'");
  }
  pipe.nodes.push_back(std::move(node));
}

Pipe PipeCatalog::create(const std::string& name, const std::optional<std::string>& description,
                         const std::vector<NodeSpec>& nodes) {
  check_name("pipe", name);
  if (std::optional<std::string> owner = pipes_.pipe_of_node_named(name)) {
    throw Error(ErrorCode::kInvalid,
                "The pipe name '" + name + "' is the name of a node of the pipe '" + *owner + "'.",
                "Choose another name.");
  }
  Pipe pipe;
  pipe.id = "t_" + random_.hex(kIdBytes);
  pipe.name = name;
  pipe.description = description;
  pipe.created_at = pipe.updated_at = clock_.now();
  for (const NodeSpec& spec : nodes) append(pipe, spec);
  pipes_.insert(pipe);
  return pipe;
}

Node PipeCatalog::add_node(std::string_view pipe_id, const NodeSpec& spec) {
  Pipe pipe = get(pipe_id);
  append(pipe, spec);
  pipes_.add_node(pipe.id, pipe.nodes.back());
  return pipe.nodes.back();
}

void PipeCatalog::remove(std::string_view pipe_id) {
  const Pipe pipe = get(pipe_id);
  pipes_.remove(pipe.id);
}

}  // namespace sluice

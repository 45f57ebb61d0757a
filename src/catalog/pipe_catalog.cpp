#include "catalog/pipe_catalog.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/query_resolver.h"
#include "domain/name.h"
#include "domain/sql_template.h"

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
  if (!SqlTemplate::is_template(spec.sql)) return;
  try {
    SqlTemplate::parse(spec.sql);
  } catch (const Error& error) {
    throw error.within("Node " + shown(spec.name));
  }
}

/// What a pipe is besides SQL, and the call that ends it.
struct Role {
  std::string is;
  std::string undo;
};

Role role_of(const Pipe& pipe, const Node& node) {
  const std::string path = "DELETE /v0/pipes/" + pipe.name + "/nodes/" + node.name;
  switch (node.type) {
    case NodeType::kEndpoint:
      return {"is an endpoint", "Unpublish it first: " + path + "/endpoint."};
    case NodeType::kMaterialized:
      return {"is materializing", "Unlink it first: " + path + "/materialization."};
    case NodeType::kCopy:
      return {"is copying", "End that first: " + path + "/copy."};
    case NodeType::kStandard:
      break;
  }
  return {"is already a sink pipe",
          "Change it with PUT on the same path, or delete it first: " + path + "/sink."};
}

/// As a node keeps it.
std::string stored_engine(const std::string& name) {
  return ascii_lower(name) == kEmbedded ? std::string() : name;
}

void check_one_role(const Pipe& pipe) {
  size_t special = 0;
  for (const Node& node : pipe.nodes) special += node.type != NodeType::kStandard ? 1 : 0;
  if (special <= 1) return;
  throw Error(ErrorCode::kInvalid,
              "The pipe has " + std::to_string(special) +
                  " nodes that are endpoints, are materializing or are copying.",
              "A pipe can have one such node.");
}

void check_description(const std::optional<std::string>& text) {
  if (!text || text->size() <= limits::kDescriptionBytes) return;
  throw Error(ErrorCode::kTooLarge, "The description has more than " +
                                        std::to_string(limits::kDescriptionBytes) + " bytes.");
}

}  // namespace

void check_is_plain(const Pipe& pipe) {
  const Node* node = pipe.sink ? pipe.find_node(pipe.sink->node_id) : pipe.special_node();
  if (node == nullptr) return;
  const Role role = role_of(pipe, *node);
  throw Error(ErrorCode::kForbidden, "The pipe '" + pipe.name + "' " + role.is + ".", role.undo);
}

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

void PipeCatalog::check_no_data_source(const std::string& kind, const std::string& name) const {
  if (!warehouse_.has_table(name)) return;
  throw Error(ErrorCode::kInvalid,
              "The " + kind + " name '" + name + "' is the name of a data source.",
              "Choose another name, for example '" + name + "_" + kind + "'.");
}

void PipeCatalog::check_names_free(const Pipe& pipe, const std::string& node_name) {
  // A pipe and a node of one name would be two tables of one name for the SQL that reads them.
  const std::string lower = ascii_lower(node_name);
  if (lower == ascii_lower(pipe.name) || !pipes_.names_among({lower}).empty()) {
    throw Error(ErrorCode::kInvalid, "The node name '" + node_name + "' is the name of a pipe.",
                "Choose another name, for example '" + node_name + "_node'.");
  }
  check_no_data_source("node", node_name);
  for (const Node& node : pipe.nodes) {
    if (ascii_lower(node.name) != lower) continue;
    throw Error(ErrorCode::kConflict, "The pipe has a node named '" + node_name + "' already.",
                "Choose another name.");
  }
}

void PipeCatalog::describe(const Pipe& pipe, Node& node) {
  try {
    // What a template reads where it refuses to be run without parameters is not known.
    const std::optional<Query> query = resolve_sample(pipe, node, pipes_);
    node.dependencies = query ? engine_.describe(*query).tables : std::vector<std::string>();
  } catch (const Error& error) {
    throw error.within("Node '" + node.name + "'");
  }
}

void PipeCatalog::append(Pipe& pipe, const NodeSpec& spec) {
  check_name("node", spec.name);
  check_sql(spec);
  check_description(spec.description);
  check_names_free(pipe, spec.name);
  if (pipe.nodes.size() >= limits::kNodesPerPipe) {
    throw Error(
        ErrorCode::kForbidden,
        "The pipe has " + std::to_string(pipe.nodes.size()) + " nodes, as many as a pipe can have.",
        "Delete one, or put the SQL into another pipe and read that.");
  }
  Node node;
  node.id = "t_" + random_.hex(kIdBytes);
  node.name = spec.name;
  node.sql = spec.sql;
  node.description = spec.description;
  node.type = spec.type;
  if (spec.engine) {
    node.engine = stored_engine(*spec.engine);
  } else if (!pipe.nodes.empty()) {
    node.engine = pipe.nodes.back().engine;
  }
  node.created_at = node.updated_at = clock_.now();
  describe(pipe, node);
  pipe.nodes.push_back(std::move(node));
}

void PipeCatalog::check_pipe_name(const std::string& name, const Pipe* same) {
  check_name("pipe", name);
  check_no_data_source("pipe", name);
  if (std::optional<std::string> owner = pipes_.pipe_of_node_named(name)) {
    if (same != nullptr && ascii_lower(same->name) == ascii_lower(name)) return;
    throw Error(ErrorCode::kInvalid,
                "The pipe name '" + name + "' is the name of a node of the pipe '" + *owner + "'.",
                "Choose another name.");
  }
}

Pipe PipeCatalog::draft(const std::string& name, const std::optional<std::string>& description,
                        const std::vector<NodeSpec>& nodes, const Pipe* replaced) {
  check_pipe_name(name, replaced);
  check_description(description);
  Pipe pipe;
  pipe.id = "t_" + random_.hex(kIdBytes);
  pipe.name = name;
  pipe.description = description;
  pipe.created_at = pipe.updated_at = clock_.now();
  if (replaced != nullptr) {
    pipe.id = replaced->id;
    pipe.created_at = replaced->created_at;
  }
  for (const NodeSpec& spec : nodes) {
    append(pipe, spec);
    const Node* old = replaced == nullptr ? nullptr : replaced->find_node(spec.name);
    if (old == nullptr) continue;
    pipe.nodes.back().id = old->id;
    pipe.nodes.back().created_at = old->created_at;
  }
  check_one_role(pipe);
  return pipe;
}

Pipe PipeCatalog::create(const std::string& name, const std::optional<std::string>& description,
                         const std::vector<NodeSpec>& nodes) {
  Pipe pipe = draft(name, description, nodes);
  pipes_.insert(pipe);
  return pipe;
}

Pipe PipeCatalog::changed(Pipe pipe, const std::optional<std::string>& name,
                          const std::optional<std::string>& description) {
  if (name && ascii_lower(*name) != ascii_lower(pipe.name)) check_pipe_name(*name, nullptr);
  check_description(description);
  if (name) pipe.name = *name;
  if (description) pipe.description = description;
  pipe.updated_at = clock_.now();
  return pipe;
}

Pipe PipeCatalog::changed_node(Pipe pipe, const Node& node, const NodeChange& change) {
  const std::string id = node.id;
  const auto at = std::find_if(pipe.nodes.begin(), pipe.nodes.end(),
                               [&](const Node& one) { return one.id == id; });
  const size_t position = static_cast<size_t>(at - pipe.nodes.begin());
  Node next = *at;
  pipe.nodes.erase(at);
  if (change.name && *change.name != next.name) {
    check_name("node", *change.name);
    check_names_free(pipe, *change.name);
    next.name = *change.name;
  }
  if (change.sql) next.sql = *change.sql;
  check_sql({next.name, next.sql, std::nullopt});
  check_description(change.description);
  if (change.description) next.description = change.description;
  if (change.engine) next.engine = stored_engine(*change.engine);
  next.updated_at = pipe.updated_at = clock_.now();
  const size_t place = std::min(change.position.value_or(position), pipe.nodes.size());
  pipe.nodes.insert(pipe.nodes.begin() + static_cast<std::ptrdiff_t>(place), std::move(next));
  for (Node& one : pipe.nodes) describe(pipe, one);
  return pipe;
}

Pipe PipeCatalog::without_node(Pipe pipe, const Node& node) {
  if ((pipe.sink && pipe.sink->node_id == node.id) || node.type != NodeType::kStandard) {
    const Role role = role_of(pipe, node);
    throw Error(ErrorCode::kForbidden,
                "The node '" + node.name + "' can't be deleted: the pipe " + role.is + " by it.",
                role.undo);
  }
  const std::string name = ascii_lower(node.name);
  for (const Node& other : pipe.nodes) {
    for (const std::string& read : other.dependencies) {
      if (ascii_lower(read) != name) continue;
      throw Error(
          ErrorCode::kForbidden,
          "The node '" + node.name + "' can't be deleted: the node '" + other.name + "' reads it.",
          "Change or delete that node first.");
    }
  }
  const std::string id = node.id;
  std::erase_if(pipe.nodes, [&](const Node& one) { return one.id == id; });
  pipe.updated_at = clock_.now();
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

void PipeCatalog::publish(Pipe pipe, const Node& node) {
  const Node* special = pipe.special_node();
  if (pipe.sink || (special != nullptr && special->type != NodeType::kEndpoint)) {
    check_is_plain(pipe);
  }
  const std::string id = node.id;
  for (Node& one : pipe.nodes) {
    one.type = one.id == id ? NodeType::kEndpoint : NodeType::kStandard;
  }
  pipe.updated_at = clock_.now();
  pipes_.update(pipe);
}

void PipeCatalog::undo(Pipe pipe, const Node& node, NodeType type) {
  if (node.type != type) {
    throw Error(ErrorCode::kInvalid,
                "The node '" + node.name + "' of the pipe '" + pipe.name + "' is of the type " +
                    std::string(node_type_name(node.type)) + ", not " +
                    std::string(node_type_name(type)) + ".",
                "GET /v0/pipes/" + pipe.name + " shows which node is.");
  }
  const std::string id = node.id;
  for (Node& one : pipe.nodes) {
    if (one.id == id) one.type = NodeType::kStandard;
  }
  pipe.updated_at = clock_.now();
  pipes_.update(pipe);
}

}  // namespace sluice

#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/views.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

const std::set<std::string> kPipeFields = {"name", "sql", "description", "nodes"};

std::string text_field(const json& node, const char* name) {
  auto found = node.find(name);
  if (found == node.end() || found->is_null()) return {};
  if (!found->is_string()) {
    throw Error(ErrorCode::kInvalid, std::string("The field '") + name + "' of a node is no text.",
                "Send nodes as [{\"name\": \"...\", \"sql\": \"...\"}].");
  }
  return found->get<std::string>();
}

std::vector<NodeSpec> nodes_of(const Parameters& parameters, const std::string& pipe_name) {
  const json* list = parameters.structure("nodes");
  const std::optional<std::string> sql = parameters.text("sql");
  if (list == nullptr) {
    if (!sql) return {};
    return {{pipe_name + "_0", *sql, std::nullopt}};
  }
  if (sql) {
    throw Error(ErrorCode::kInvalid, "There are both 'sql' and 'nodes'.", "Give one of them.");
  }
  if (!list->is_array()) {
    throw Error(ErrorCode::kInvalid, "The parameter 'nodes' is no list.",
                "Send [{\"name\": \"...\", \"sql\": \"...\"}].");
  }
  std::vector<NodeSpec> nodes;
  for (const json& node : *list) {
    if (!node.is_object()) {
      throw Error(ErrorCode::kInvalid, "A node is no object.",
                  "Send [{\"name\": \"...\", \"sql\": \"...\"}].");
    }
    NodeSpec& spec = nodes.emplace_back();
    spec.name = text_field(node, "name");
    if (spec.name.empty()) spec.name = pipe_name + "_" + std::to_string(nodes.size() - 1);
    spec.sql = text_field(node, "sql");
    const std::string description = text_field(node, "description");
    if (!description.empty()) spec.description = description;
  }
  return nodes;
}

}  // namespace

DoorResponse get_health(const ApiParts& parts, const ApiCall&) {
  return reply({{"status", "ok"}, {"version", parts.version}});
}

DoorResponse list_pipes(const ApiParts& parts, const ApiCall& call) {
  json pipes = json::array();
  for (const Pipe& pipe : parts.pipe_store.all()) pipes.push_back(pipe_view(pipe, call.base_url));
  return reply({{"pipes", pipes}});
}

DoorResponse create_pipe(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others(kPipeFields);
  const std::string name =
      call.parameters.required("name", "Name the pipe, for example name=flights_export.");
  const std::vector<NodeSpec> nodes = nodes_of(call.parameters, name);
  if (nodes.empty()) {
    throw Error(ErrorCode::kInvalid, "The pipe has no SQL.", "Give 'sql', or a list of 'nodes'.");
  }
  return reply(pipe_view(parts.pipes.create(name, call.parameters.text("description"), nodes),
                         call.base_url));
}

DoorResponse get_pipe(const ApiParts& parts, const ApiCall& call) {
  return reply(pipe_view(parts.pipes.get(call.names[0]), call.base_url));
}

DoorResponse delete_pipe(const ApiParts& parts, const ApiCall& call) {
  parts.pipes.remove(call.names[0]);
  return reply_nothing();
}

DoorResponse add_node(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  call.parameters.refuse_others({"name", "sql", "description"});
  NodeSpec spec;
  spec.name =
      call.parameters.text("name").value_or(pipe.name + "_" + std::to_string(pipe.nodes.size()));
  spec.sql = call.parameters.text("sql").value_or(call.parameters.body());
  spec.description = call.parameters.text("description");
  const Node node = parts.pipes.add_node(pipe.id, spec);
  return reply(node_view(pipe, node));
}

}  // namespace sluice

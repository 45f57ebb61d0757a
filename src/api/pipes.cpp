#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/access.h"
#include "api/handlers.h"
#include "api/pipe_text.h"
#include "api/reply.h"
#include "api/sink_fields.h"
#include "api/views.h"
#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

const std::set<std::string> kPipeFields = {"name",  "sql",    "description",
                                           "nodes", "engine", "force"};
/// What clients send along with a pipe, without which it is made all the same: `service` is only
/// compared with the connection's; the others are about features that are not here.
const std::set<std::string> kAlongside = {"service", "kafka_topic", "ignore_sql_errors",
                                          "unlink_on_populate_error", "branch_mode"};
constexpr std::string_view kSinkType = "sink";

std::string text_field(const json& node, const char* name) {
  auto found = node.find(name);
  if (found == node.end() || found->is_null()) return {};
  if (!found->is_string()) {
    throw Error(ErrorCode::kInvalid, std::string("The field '") + name + "' of a node is no text.",
                "Send nodes as [{\"name\": \"...\", \"sql\": \"...\"}].");
  }
  return found->get<std::string>();
}

/// The nodes of a call, and which of them is to be the sink.
struct NodeList {
  std::vector<NodeSpec> nodes;
  std::optional<size_t> sink;
};

void read_type(const json& node, NodeList& list) {
  const std::string text = text_field(node, "type");
  if (text.empty()) return;
  if (ascii_lower(text) == kSinkType) {
    if (list.sink) {
      throw Error(ErrorCode::kInvalid, "Two nodes are of the type sink.",
                  "A pipe can have one sink.");
    }
    list.sink = list.nodes.size() - 1;
    return;
  }
  const std::optional<NodeType> type = parse_node_type(text);
  if (!type) {
    throw Error(ErrorCode::kInvalid, "The node type '" + text.substr(0, 100) + "' is not known.",
                "Use one of: standard, endpoint, materialized, copy, sink.");
  }
  list.nodes.back().type = *type;
}

void read_node(const json& node, const std::string& pipe_name, NodeList& list) {
  if (!node.is_object()) {
    throw Error(ErrorCode::kInvalid, "A node is no object.",
                "Send [{\"name\": \"...\", \"sql\": \"...\"}].");
  }
  NodeSpec& spec = list.nodes.emplace_back();
  spec.name = text_field(node, "name");
  if (spec.name.empty()) spec.name = pipe_name + "_" + std::to_string(list.nodes.size() - 1);
  spec.sql = text_field(node, "sql");
  const std::string description = text_field(node, "description");
  if (!description.empty()) spec.description = description;
  const std::string engine = text_field(node, "engine");
  if (!engine.empty()) spec.engine = engine;
  read_type(node, list);
}

NodeList nodes_of(const Parameters& parameters, const std::string& pipe_name) {
  const json* array = parameters.structure("nodes");
  const std::optional<std::string> sql = parameters.text("sql");
  NodeList list;
  if (array == nullptr && sql) {
    list.nodes.push_back({pipe_name + "_0", *sql, std::nullopt});
  } else if (array != nullptr) {
    if (sql) {
      throw Error(ErrorCode::kInvalid, "There are both 'sql' and 'nodes'.", "Give one of them.");
    }
    if (!array->is_array()) {
      throw Error(ErrorCode::kInvalid, "The parameter 'nodes' is no list.",
                  "Send [{\"name\": \"...\", \"sql\": \"...\"}].");
    }
    for (const json& node : *array) read_node(node, pipe_name, list);
  }
  const std::optional<std::string> engine = parameters.text("engine");
  if (engine && !list.nodes.empty() && !list.nodes.front().engine)
    list.nodes.front().engine = engine;
  if (list.nodes.empty()) {
    throw Error(ErrorCode::kInvalid, "The pipe has no SQL.", "Give 'sql', or a list of 'nodes'.");
  }
  return list;
}

/// Whether the call says anything of a sink beside the pipe.
bool names_a_sink(const Parameters& parameters) {
  const std::set<std::string> names = parameters.names();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const bool ours = sink_fields().contains(name) || schedule_fields().contains(name);
    return ours && parameters.text(name).has_value();
  });
}

void refuse_unknown(const Parameters& parameters) {
  std::set<std::string> known = kPipeFields;
  for (const auto* more : {&kAlongside, &sink_fields(), &schedule_fields()}) {
    known.insert(more->begin(), more->end());
  }
  parameters.refuse_others(known);
}

/// The client says what kind of connection it means; a wrong guess would write to another store.
void check_service(const ApiParts& parts, const ApiCall& call, const Sink& sink) {
  const std::string service = ascii_lower(call.parameters.text("service").value_or(""));
  if (service.empty()) return;
  const Connection connection = parts.connections.get(sink.settings.connection_id);
  if (service == service_name(connection.service)) return;
  throw Error(ErrorCode::kInvalid,
              "The connection '" + connection.name + "' is of the service " +
                  std::string(service_name(connection.service)) + ", not '" +
                  service.substr(0, 100) + "'.",
              "Leave 'service' out, or name another connection.");
}

/// The sink that the call wants beside its nodes, checked.
std::optional<Sink> sink_of(const ApiParts& parts, const ApiCall& call, const Pipe& pipe,
                            const NodeList& list) {
  if (!list.sink && !names_a_sink(call.parameters)) return std::nullopt;
  require_admin(call, "set a sink");
  const Node& node = pipe.nodes[list.sink.value_or(pipe.nodes.size() - 1)];
  const SinkParameters parameters = sink_parameters(call.parameters);
  const Sink sink = parts.sinks.draft(pipe, node, parameters);
  check_service(parts, call, sink);
  return sink;
}

/// The pipe that `force=true` replaces.
std::optional<Pipe> replaced_by(const ApiParts& parts, const ApiCall& call,
                                const std::string& name) {
  if (!call.parameters.flag("force")) return std::nullopt;
  std::optional<Pipe> old = parts.pipe_store.find(name);
  if (old && old->sink) require_admin(call, "replace the sink pipe '" + old->name + "'");
  if (old) check_sql_rights(call, *old);
  return old;
}

}  // namespace

DoorResponse get_health(const ApiParts& parts, const ApiCall&) {
  return reply({{"status", "ok"}, {"version", parts.version}});
}

DoorResponse list_pipes(const ApiParts& parts, const ApiCall& call) {
  json pipes = json::array();
  const bool all = call.token.is_admin() || call.token.has("PIPES:CREATE");
  for (const Pipe& pipe : parts.pipe_store.all()) {
    if (!all && !call.token.has_for("PIPES:READ", pipe.id, pipe.name)) continue;
    pipes.push_back(pipe_view(pipe, call.base_url));
  }
  return reply({{"pipes", pipes}});
}

DoorResponse create_pipe(const ApiParts& parts, const ApiCall& call) {
  refuse_unknown(call.parameters);
  const std::string name =
      call.parameters.required("name", "Name the pipe, for example name=flights_export.");
  const NodeList list = nodes_of(call.parameters, name);
  for (const NodeSpec& node : list.nodes) check_node_rights(call, node);
  const std::optional<Pipe> old = replaced_by(parts, call, name);
  const std::optional<std::string> description = call.parameters.text("description");
  Pipe pipe = parts.pipes.draft(name, description, list.nodes, old ? &*old : nullptr);
  pipe.sink = sink_of(parts, call, pipe, list);
  if (old) {
    parts.pipes.replace(pipe);
  } else {
    parts.pipes.insert(pipe);
  }
  const Pipe stored = parts.pipes.get(pipe.id);
  if (stored.sink && wants_one_run(sink_parameters(call.parameters))) {
    parts.jobs.run(stored, parts.sinks.plan(stored, {}, {}), call.token.name);
  }
  return reply(pipe_view(stored, call.base_url));
}

DoorResponse get_pipe(const ApiParts& parts, const ApiCall& call) {
  return reply(pipe_view(parts.pipes.get(call.names[0]), call.base_url));
}

DoorResponse get_pipe_text(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  std::optional<Connection> connection;
  if (pipe.sink) connection = parts.connections.get(pipe.sink->settings.connection_id);
  return reply_text(pipe_text(pipe, connection));
}

DoorResponse change_pipe(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  call.parameters.refuse_others({"name", "description"});
  if (pipe.sink) require_admin(call, "change the sink pipe '" + pipe.name + "'");
  check_sql_rights(call, pipe);
  parts.pipes.update(
      parts.pipes.changed(pipe, call.parameters.text("name"), call.parameters.text("description")));
  return reply(pipe_view(parts.pipes.get(pipe.id), call.base_url));
}

DoorResponse delete_pipe(const ApiParts& parts, const ApiCall& call) {
  parts.pipes.remove(call.names[0]);
  return reply_nothing();
}

}  // namespace sluice

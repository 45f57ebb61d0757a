#include <charconv>
#include <nlohmann/json.hpp>

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/views.h"
#include "base/error.h"

namespace sluice {
namespace {

std::optional<size_t> position_of(const Parameters& parameters) {
  const std::optional<std::string> text = parameters.text("position");
  if (!text) return std::nullopt;
  size_t position = 0;
  const char* end = text->data() + text->size();
  const auto [last, failed] = std::from_chars(text->data(), end, position);
  if (failed != std::errc() || last != end) {
    throw Error(ErrorCode::kInvalid, "The parameter 'position' is '" + text->substr(0, 100) + "'.",
                "Give the place of the node among the others, from 0.");
  }
  return position;
}

/// SQL of a sink decides what leaves the house, so it is not for who may only make pipes.
void check_may_change(const ApiCall& call, const Pipe& pipe) {
  if (pipe.sink) require_admin(call, "change the sink pipe '" + pipe.name + "'");
  check_sql_rights(call, pipe);
}

/// A schedule must not begin to fail by a change.
void check_schedule(const ApiParts& parts, const Pipe& pipe) {
  if (pipe.sink && pipe.sink->schedule) parts.sinks.check_runs_alone(pipe);
}

DoorResponse pipe_reply(const ApiParts& parts, const ApiCall& call, const Pipe& pipe) {
  return reply(pipe_view(parts.pipes.get(pipe.id), call.base_url));
}

}  // namespace

DoorResponse add_node(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  call.parameters.refuse_others({"name", "sql", "description", "engine"});
  NodeSpec spec;
  spec.name =
      call.parameters.text("name").value_or(pipe.name + "_" + std::to_string(pipe.nodes.size()));
  spec.sql = call.parameters.text("sql").value_or(call.parameters.body());
  spec.description = call.parameters.text("description");
  check_sql_rights(call, pipe);
  spec.engine = call.parameters.text("engine");
  check_node_rights(call, spec);
  const Node node = parts.pipes.add_node(pipe.id, spec);
  return reply(node_view(pipe, node));
}

DoorResponse get_node(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  return reply(node_view(pipe, PipeCatalog::get_node(pipe, call.names[1])));
}

DoorResponse change_node(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& node = PipeCatalog::get_node(pipe, call.names[1]);
  call.parameters.refuse_others({"name", "sql", "description", "engine", "position"});
  check_may_change(call, pipe);
  NodeChange change;
  change.name = call.parameters.text("name");
  change.sql = call.parameters.text("sql");
  if (!change.sql && !call.parameters.body().empty()) change.sql = call.parameters.body();
  change.engine = call.parameters.text("engine");
  check_node_rights(call, {node.name, change.sql.value_or(""), {}, node.type, change.engine});
  change.description = call.parameters.text("description");
  change.position = position_of(call.parameters);
  const Pipe changed = parts.pipes.changed_node(pipe, node, change);
  check_schedule(parts, changed);
  parts.pipes.update(changed);
  return reply(node_view(changed, PipeCatalog::get_node(changed, node.id)));
}

DoorResponse delete_node(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& node = PipeCatalog::get_node(pipe, call.names[1]);
  call.parameters.refuse_others({});
  check_may_change(call, pipe);
  parts.pipes.update(parts.pipes.without_node(pipe, node));
  return reply_nothing();
}

DoorResponse publish_endpoint(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& node = PipeCatalog::get_node(pipe, call.names[1]);
  // The command line client sends the pipe's `description` and `ignore_sql_errors` along.
  call.parameters.refuse_others({"description", "ignore_sql_errors"});
  check_sql_rights(call, pipe);
  parts.pipes.publish(pipe, node);
  return pipe_reply(parts, call, pipe);
}

namespace {

DoorResponse undo(const ApiParts& parts, const ApiCall& call, NodeType type) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& node = PipeCatalog::get_node(pipe, call.names[1]);
  call.parameters.refuse_others({});
  check_sql_rights(call, pipe);
  parts.pipes.undo(pipe, node, type);
  return pipe_reply(parts, call, pipe);
}

}  // namespace

DoorResponse unpublish_endpoint(const ApiParts& parts, const ApiCall& call) {
  return undo(parts, call, NodeType::kEndpoint);
}
DoorResponse unlink_materialization(const ApiParts& parts, const ApiCall& call) {
  return undo(parts, call, NodeType::kMaterialized);
}
DoorResponse end_copy(const ApiParts& parts, const ApiCall& call) {
  return undo(parts, call, NodeType::kCopy);
}

}  // namespace sluice

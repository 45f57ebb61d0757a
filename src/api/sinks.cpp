#include <nlohmann/json.hpp>

#include "api/access.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/sink_fields.h"
#include "api/views.h"
#include "base/error.h"

namespace sluice {
namespace {

const std::string kRunStrategy = "_mode";

std::set<std::string> both(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> all = a;
  all.insert(b.begin(), b.end());
  return all;
}

/// `@once`: the sink without its run is not what was asked for.
void run_once(const ApiParts& parts, const ApiCall& call, const Pipe& pipe, const Node& node) {
  try {
    parts.jobs.run(pipe, parts.sinks.plan(pipe, {}, {}), call.token.name);
  } catch (const Error&) {
    parts.sinks.remove(pipe, node);
    throw;
  }
}

}  // namespace

DoorResponse set_sink(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& node = PipeCatalog::get_node(pipe, call.names[1]);
  call.parameters.refuse_others(both(sink_fields(), schedule_fields()));
  const SinkParameters parameters = sink_parameters(call.parameters);
  parts.sinks.set(pipe, node, parameters);
  const Pipe stored = parts.pipes.get(pipe.id);
  if (wants_one_run(parameters)) run_once(parts, call, stored, node);
  return reply(pipe_view(stored, call.base_url));
}

DoorResponse change_sink(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Node& node = PipeCatalog::get_node(pipe, call.names[1]);
  call.parameters.refuse_others(both(sink_fields(), schedule_fields()));
  const SinkParameters parameters = sink_parameters(call.parameters);
  parts.sinks.change(pipe, node, parameters);
  const Pipe stored = parts.pipes.get(pipe.id);
  if (wants_one_run(parameters)) {
    parts.jobs.run(stored, parts.sinks.plan(stored, {}, {}), call.token.name);
  }
  return reply(pipe_view(stored, call.base_url));
}

DoorResponse delete_sink(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  parts.sinks.remove(pipe, PipeCatalog::get_node(pipe, call.names[1]));
  return reply(pipe_view(parts.pipes.get(pipe.id), call.base_url));
}

namespace {

/// What a run of the pipe with the call's overrides and variables would do.
JobPlan plan_of_run(const ApiParts& parts, const ApiCall& call, const Pipe& pipe) {
  RunVariables variables;
  for (const std::string& name : call.parameters.names()) {
    if (schedule_fields().contains(name)) {
      throw Error(
          ErrorCode::kInvalid, "The parameter '" + name + "' is not one of a run.",
          "Set the schedule on the sink: POST /v0/pipes/" + pipe.name + "/nodes/{node}/sink.");
    }
    if (sink_fields().contains(name) || name == kRunStrategy) continue;
    variables[name] = call.parameters.text(name).value_or("");
  }
  SinkParameters overrides = sink_parameters(call.parameters);
  if (overrides.connection || overrides.path) {
    require_admin(call, "run a sink with another connection or path");
  }
  if (!overrides.write_strategy) overrides.write_strategy = call.parameters.text(kRunStrategy);
  return parts.sinks.plan(pipe, overrides, variables);
}

}  // namespace

DoorResponse run_sink(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const Job job = parts.jobs.run(pipe, plan_of_run(parts, call, pipe), call.token.name);
  nlohmann::json answer = node_view(pipe, PipeCatalog::get_node(pipe, job.node_id));
  answer["job"] = job_view(job, call.base_url);
  return reply(answer);
}

DoorResponse preview_sink(const ApiParts& parts, const ApiCall& call) {
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const JobPlan plan = plan_of_run(parts, call, pipe);
  return reply(preview_view(parts.preview.run(pipe.name, plan), plan.settings));
}

}  // namespace sluice

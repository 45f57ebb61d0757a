#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/views.h"
#include "base/error.h"
#include "domain/cron.h"
#include "domain/file_options.h"

namespace sluice {
namespace {

/// What says where a sink goes and how; a run may override any of it.
const std::set<std::string>& sink_fields() {
  static const std::set<std::string> fields = [] {
    std::set<std::string> all = {"connection", "path",         "file_template",
                                 "format",     "compression",  "write_strategy",
                                 "strategy",   "empty_result", "region"};
    all.insert(file_option_names().begin(), file_option_names().end());
    return all;
  }();
  return fields;
}
const std::set<std::string> kScheduleFields = {"schedule_cron", "schedule_timezone"};
const std::string kRunStrategy = "_mode";

SinkParameters sink_parameters(const Parameters& from) {
  SinkParameters to;
  to.connection = from.text("connection");
  to.path = from.text("path");
  to.file_template = from.text("file_template");
  to.format = from.text("format");
  to.compression = from.text("compression");
  to.write_strategy = from.text("write_strategy");
  if (!to.write_strategy) to.write_strategy = from.text("strategy");
  to.empty_result = from.text("empty_result");
  for (const std::string& name : file_option_names()) {
    if (std::optional<std::string> text = from.text(name)) to.file_options[name] = *text;
  }
  return to;
}

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
  call.parameters.refuse_others(both(sink_fields(), kScheduleFields));
  SinkParameters parameters = sink_parameters(call.parameters);
  parameters.schedule_cron = call.parameters.text("schedule_cron");
  parameters.schedule_timezone = call.parameters.text("schedule_timezone");
  parameters.region = call.parameters.text("region");
  parts.sinks.set(pipe, node, parameters);
  const Pipe stored = parts.pipes.get(pipe.id);
  const bool once = parameters.schedule_cron &&
                    parse_schedule(*parameters.schedule_cron).kind == ScheduleRequest::Kind::kOnce;
  if (once) run_once(parts, call, stored, node);
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
    if (kScheduleFields.contains(name)) {
      throw Error(
          ErrorCode::kInvalid, "The parameter '" + name + "' is not one of a run.",
          "Set the schedule on the sink: POST /v0/pipes/" + pipe.name + "/nodes/{node}/sink.");
    }
    if (sink_fields().contains(name) || name == kRunStrategy) continue;
    variables[name] = call.parameters.text(name).value_or("");
  }
  SinkParameters overrides = sink_parameters(call.parameters);
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

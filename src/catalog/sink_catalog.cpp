#include "catalog/sink_catalog.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"
#include "catalog/changed_schedule.h"
#include "catalog/pipe_catalog.h"
#include "catalog/query_resolver.h"
#include "domain/cluster_execution.h"
#include "domain/cron.h"
#include "domain/file_options.h"
#include "domain/run_variables.h"

namespace sluice {
namespace {

void apply(SinkSettings& settings, const SinkParameters& parameters) {
  if (parameters.path) settings.path = *parameters.path;
  if (parameters.file_template) settings.file_template = *parameters.file_template;
  if (parameters.format) settings.format = parse_format(*parameters.format);
  if (parameters.compression) settings.compression = parse_compression(*parameters.compression);
  if (parameters.write_strategy) {
    settings.write_strategy = parse_write_strategy(*parameters.write_strategy);
  }
  if (parameters.empty_result) {
    settings.empty_result = parse_empty_result(*parameters.empty_result);
  }
  for (const auto& [name, text] : parameters.file_options) {
    set_file_option(settings.options, name, text);
  }
  check_file_options(settings.format, settings.compression, settings.options);
}

void require(const std::optional<std::string>& value, const char* name) {
  if (value && !value->empty()) return;
  throw Error(ErrorCode::kInvalid, std::string("The parameter ") + name + " is missing.",
              "A sink needs connection, path and file_template.");
}

/// Those of a run that nobody calls.
RunVariables variables_alone(bool scheduled, Timestamp now) {
  RunVariables variables = built_in_variables(now, std::nullopt);
  if (scheduled) variables.merge(interval_variables(now, {now, now}));
  return variables;
}

}  // namespace

Connection SinkCatalog::connection(const std::string& id_or_name) {
  std::optional<Connection> found = parts_.connections.find(id_or_name);
  if (!found) {
    throw Error(ErrorCode::kNotFound, "There is no connection '" + id_or_name.substr(0, 200) + "'.",
                "Create it with POST /v0/connectors, or see GET /v0/connectors.");
  }
  return std::move(*found);
}

Connection SinkCatalog::apply_checked(Sink& sink, const Pipe& pipe, const Node& node,
                                      const SinkParameters& parameters) {
  sink.node_id = node.id;
  apply(sink.settings, parameters);
  FileTemplate::parse(sink.settings.file_template);
  check_cluster_execution(sink.settings, node.engine);
  if (parameters.region) check_region(*parameters.region);  // Its form; see below.
  apply_trigger(sink, parameters);
  Connection store = connection(parameters.connection.value_or(sink.settings.connection_id));
  sink.settings.connection_id = store.id;
  parse_destination(sink.settings.path, store);
  if (parameters.region) check_region(*parameters.region, region_names(store, parts_.regions));
  // A run by itself has only the built-in variables; a run by call may bring others.
  const bool by_itself = sink.schedule || sink.run_after;
  const RunVariables built_in = variables_alone(by_itself, parts_.clock.now());
  const bool once = parameters.schedule_cron &&
                    parse_schedule(*parameters.schedule_cron).kind == ScheduleRequest::Kind::kOnce;
  check_query(pipe, node, sink.settings, by_itself || once ? &built_in : nullptr);
  return store;
}

void SinkCatalog::apply_trigger(Sink& sink, const SinkParameters& parameters) {
  if (says_of_schedule(parameters)) {
    sink.schedule = changed_schedule(sink.schedule, parameters, parts_.clock.now());
  }
  if (parameters.run_after) sink.run_after = predecessor(*parameters.run_after);
  if (!sink.schedule || !sink.run_after) return;
  throw Error(
      ErrorCode::kInvalid,
      "The sink would run by the schedule '" + sink.schedule->cron + "' and after '" +
          sink.run_after->name + "'.",
      "Choose one: schedule_cron=@on-demand removes the schedule, run_after=none the other.");
}

std::optional<PipeName> SinkCatalog::predecessor(const std::string& id_or_name) {
  if (id_or_name.empty() || ascii_lower(id_or_name) == "none") return std::nullopt;
  const std::optional<Pipe> pipe = parts_.pipes.find(id_or_name);
  if (!pipe) {
    throw Error(ErrorCode::kNotFound,
                "There is no pipe '" + id_or_name.substr(0, 200) + "' to run after.",
                "Name a sink pipe in run_after; GET /v0/pipes lists them.");
  }
  return PipeName{pipe->id, pipe->name};
}

Sink SinkCatalog::draft(const Pipe& pipe, const Node& node, const SinkParameters& parameters) {
  require(parameters.connection, "connection");
  require(parameters.path, "path");
  require(parameters.file_template, "file_template");
  Sink sink;
  const Connection store = apply_checked(sink, pipe, node, parameters);
  check_is_plain(pipe);
  if (parts_.pipes.count_sinks() >= parts_.sink_limit) {
    throw Error(ErrorCode::kForbidden,
                "There are " + std::to_string(parts_.sink_limit) + " sinks, as many as allowed.",
                "Delete one, or start Sluice with a higher --max-sinks.");
  }
  probe(store, sink.settings);
  return sink;
}

void SinkCatalog::set(const Pipe& pipe, const Node& node, const SinkParameters& parameters) {
  parts_.pipes.set_sink(pipe.id, draft(pipe, node, parameters), parts_.clock.now());
}

void SinkCatalog::change(const Pipe& pipe, const Node& node, const SinkParameters& parameters) {
  if (!pipe.sink) {
    throw Error(ErrorCode::kInvalid, "The pipe '" + pipe.name + "' is not a sink pipe.",
                "Set a sink first: POST /v0/pipes/" + pipe.name + "/nodes/{node}/sink.");
  }
  Sink sink = *pipe.sink;
  const Connection store = apply_checked(sink, pipe, node, parameters);
  probe(store, sink.settings);
  parts_.pipes.change_sink(pipe.id, sink, parts_.clock.now());
}

void SinkCatalog::probe(const Connection& connection, const SinkSettings& settings) {
  const Destination destination = parse_destination(settings.path, connection);
  const std::unique_ptr<ObjectStore> store = parts_.stores.open(connection, destination, {});
  if (settings.options.on_cluster && !store->access()) {
    throw Error(ErrorCode::kInvalid,
                "The cluster can't write to the connection '" + connection.name + "'.",
                "execution=cluster needs an S3 connection; with another one leave it out.");
  }
  store->probe(destination.prefix);
}

void SinkCatalog::remove(const Pipe& pipe, const Node& node) {
  if (!pipe.sink || pipe.sink->node_id != node.id) {
    throw Error(ErrorCode::kInvalid,
                "The node '" + node.name + "' of the pipe '" + pipe.name + "' is not a sink.",
                "GET /v0/pipes/" + pipe.name + " shows which node is.");
  }
  parts_.pipes.remove_sink(pipe.id, parts_.clock.now());
}

/// `variables` null: the names of the templates may still come as variables of a run.
void SinkCatalog::check_query(const Pipe& pipe, const Node& node, const SinkSettings& settings,
                              const RunVariables* variables) {
  if (variables != nullptr) {
    check_names(resolve_query(pipe, node, parts_.pipes, *variables), settings, variables);
  } else if (const auto sample = resolve_sample(pipe, node, parts_.pipes)) {
    check_names(*sample, settings, nullptr);
  }
}

void SinkCatalog::check_names(const Query& query, const SinkSettings& settings,
                              const RunVariables* variables, std::chrono::nanoseconds patience) {
  const std::vector<ColumnInfo> columns = parts_.engine.describe(query, patience).columns;
  if (variables == nullptr) return;
  FileTemplate::parse(settings.file_template).check_names(names_of(columns), *variables);
}

void SinkCatalog::check_runs_alone(const Pipe& pipe) {
  const Timestamp now = parts_.clock.now();
  plan(pipe, {}, interval_variables(now, {now, now}));
}

JobPlan SinkCatalog::plan(const Pipe& pipe, const SinkParameters& overrides,
                          const RunVariables& variables) {
  JobPlan plan = unchecked_plan(pipe, overrides, variables);
  check_names(plan.query, plan.settings, &plan.variables);
  return plan;
}

JobPlan SinkCatalog::plan_unattended(const Pipe& pipe, const RunVariables& variables) {
  JobPlan plan = unchecked_plan(pipe, {}, variables);
  try {
    // No patience: the cron loop plans one run after the other, those that do not read that
    // database as well. Seconds for each would keep all of them from their time.
    check_names(plan.query, plan.settings, &plan.variables, std::chrono::nanoseconds(0));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBusy) throw;
  }
  return plan;
}

std::vector<JobPlan> SinkCatalog::plan_each(const Pipe& pipe,
                                            const std::vector<RunVariables>& runs) {
  std::vector<JobPlan> plans = {plan_unattended(pipe, runs.at(0))};
  const Node& node = *pipe.find_node(pipe.sink->node_id);
  for (size_t i = 1; i < runs.size(); ++i) {
    JobPlan& plan = plans.emplace_back(plans.front());
    for (const auto& [name, value] : runs[i]) plan.variables[name] = value;
    plan.query = resolve_query(pipe, node, parts_.pipes, plan.variables);
  }
  return plans;
}

JobPlan SinkCatalog::unchecked_plan(const Pipe& pipe, const SinkParameters& overrides,
                                    const RunVariables& variables) {
  if (!pipe.sink) {
    throw Error(ErrorCode::kInvalid, "The pipe '" + pipe.name + "' is not a sink pipe.",
                "Set a sink first: POST /v0/pipes/" + pipe.name + "/nodes/{node}/sink.");
  }
  const Node* node = pipe.find_node(pipe.sink->node_id);
  if (node == nullptr) throw Error(ErrorCode::kCorrupt, "The sink's node is missing.");
  JobPlan plan;
  plan.settings = pipe.sink->settings;
  apply(plan.settings, overrides);
  FileTemplate::parse(plan.settings.file_template);
  const Connection store =
      connection(overrides.connection ? *overrides.connection : plan.settings.connection_id);
  plan.settings.connection_id = store.id;
  parse_destination(plan.settings.path, store);
  check_cluster_execution(plan.settings, node->engine);
  plan.variables = built_in_variables(parts_.clock.now(), parts_.jobs.last_success(pipe.id));
  plan.variables.insert(variables.begin(), variables.end());
  plan.query = resolve_query(pipe, *node, parts_.pipes, plan.variables);
  return plan;
}

}  // namespace sluice

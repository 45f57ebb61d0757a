#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "domain/file_template.h"
#include "domain/job.h"
#include "domain/pipe.h"
#include "engine/engine.h"
#include "object_store/open_store.h"
#include "state/connection_store.h"
#include "state/job_store.h"
#include "state/pipe_store.h"

namespace sluice {

/// What a caller says of a sink, as text; what is absent keeps its default or the sink's own value.
struct SinkParameters {
  std::optional<std::string> connection;  ///< Name or id.
  std::optional<std::string> path;
  std::optional<std::string> file_template;
  std::optional<std::string> format;
  std::optional<std::string> compression;
  std::optional<std::string> write_strategy;
  std::optional<std::string> empty_result;
  std::map<std::string, std::string> file_options;  ///< See domain/file_options.h.
  std::optional<std::string> schedule_cron;
  std::optional<std::string> schedule_timezone;
  std::optional<std::string> schedule_overlap;
  std::optional<std::string> schedule_catchup;
  std::optional<std::string> schedule_catchup_limit;
  std::optional<std::string> schedule_jitter;
  std::optional<std::string>
      run_after;  ///< Name or id of another sink pipe; `none` or empty: none.
  /// Checked only: the connection's own region is used.
  std::optional<std::string> region;
};

/// Sinks as their owners make them: checked in the order parameters, connection, restrictions,
/// store, before anything is stored. Thread-safe. Throws kInvalid, kNotFound, kForbidden,
/// kUnauthenticated, kUnavailable.
class SinkCatalog {
 public:
  struct Parts {
    PipeStore& pipes;
    ConnectionStore& connections;
    Engine& engine;
    StoreOpener& stores;
    JobStore& jobs;
    Clock& clock;
    size_t sink_limit;
    /// Whether `region` may be a name that AWS does not have (--custom-regions).
    RegionNames regions = RegionNames::kPublished;
  };
  explicit SinkCatalog(Parts parts) : parts_(parts) {}

  /// Makes `node` the sink of `pipe` once the store has shown that it can be written to.
  void set(const Pipe& pipe, const Node& node, const SinkParameters& parameters);
  /// The sink that `set` would store, checked with its store; nothing is stored. `pipe` need not be
  /// stored yet.
  Sink draft(const Pipe& pipe, const Node& node, const SinkParameters& parameters);
  /// Changes what the parameters say, the rest of the sink stays; `node` may be another one of the
  /// pipe. The schedule stays where they say nothing of it. Throws kInvalid when there is no sink.
  void change(const Pipe& pipe, const Node& node, const SinkParameters& parameters);
  /// Throws kInvalid when the pipe has no sink, or another node has it.
  void remove(const Pipe& pipe, const Node& node);

  /// Takes over what the parameters say of when the pipe's sink runs by itself: by a schedule,
  /// after another sink, or neither. Throws kInvalid for both at once.
  void apply_trigger(Sink& sink, const SinkParameters& parameters);
  /// Throws like `plan` where a run by a schedule, with its variables alone, could not be.
  void check_runs_alone(const Pipe& pipe);
  /// What a run now would do, with the caller's overrides. Throws kInvalid when the pipe has no
  /// sink, or a name in the template is neither a column nor a variable.
  JobPlan plan(const Pipe& pipe, const SinkParameters& overrides, const RunVariables& variables);
  /// The same for a run that nobody waits for: where a database is locked just now, the plan is not
  /// checked with it; the run will be, and is tried again.
  JobPlan plan_unattended(const Pipe& pipe, const RunVariables& variables);
  /// The same for runs that differ in their variables alone, at least one; only the first is
  /// checked with the engine.
  std::vector<JobPlan> plan_each(const Pipe& pipe, const std::vector<RunVariables>& runs);

 private:
  Connection connection(const std::string& id_or_name);
  std::optional<PipeName> predecessor(const std::string& id_or_name);
  /// Takes over and checks what the parameters say of `sink`; gives the connection.
  Connection apply_checked(Sink& sink, const Pipe& pipe, const Node& node,
                           const SinkParameters& parameters);
  void probe(const Connection& connection, const SinkSettings& settings);
  void check_query(const Pipe& pipe, const Node& node, const SinkSettings& settings,
                   const RunVariables* variables);
  void check_names(const Query& query, const SinkSettings& settings, const RunVariables* variables,
                   std::chrono::nanoseconds patience = limits::kBusyTimeout);
  JobPlan unchecked_plan(const Pipe& pipe, const SinkParameters& overrides,
                         const RunVariables& variables);

  Parts parts_;
};

}  // namespace sluice

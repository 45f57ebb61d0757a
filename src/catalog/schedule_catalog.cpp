#include "catalog/schedule_catalog.h"

#include <algorithm>

#include "base/error.h"

namespace sluice {
namespace {

const Sink& sink_of(const Pipe& pipe) {
  if (pipe.sink) return *pipe.sink;
  throw Error(ErrorCode::kInvalid, "The pipe '" + pipe.name + "' is not a sink pipe.",
              "Set a sink first: POST /v0/pipes/" + pipe.name + "/nodes/{node}/sink.");
}

void check_has_schedule(const Pipe& pipe) {
  if (sink_of(pipe).schedule) return;
  throw Error(ErrorCode::kConflict, "The sink of the pipe '" + pipe.name + "' has no schedule.",
              "Set one: PATCH /v0/pipes/" + pipe.name + "/sink/schedule with schedule_cron.");
}

}  // namespace

void ScheduleCatalog::change(const Pipe& pipe, const SinkParameters& parameters) {
  Sink sink = sink_of(pipe);
  sinks_.apply_trigger(sink, parameters);
  if (sink.schedule || sink.run_after) sinks_.check_runs_alone(pipe);
  pipes_.change_sink(pipe.id, sink, clock_.now());
}

void ScheduleCatalog::pause(const Pipe& pipe) {
  check_has_schedule(pipe);
  const auto pause = [](Schedule& schedule) -> std::optional<MissedRuns> {
    schedule.paused = true;
    return std::nullopt;
  };
  schedules_.change({pipe.id, pipe.name}, pause, clock_.now());
}

void ScheduleCatalog::resume(const Pipe& pipe) {
  check_has_schedule(pipe);
  const Timestamp now = clock_.now();
  const auto resume = [&](Schedule& schedule) -> std::optional<MissedRuns> {
    if (!schedule.paused) return std::nullopt;
    schedule.paused = false;
    if (schedule.catchup == CatchupPolicy::kAll) return std::nullopt;
    const std::optional<MissedRuns> missed = missed_up_to(schedule, now);
    // What has fired does not fire again, also where the clock was put back meanwhile.
    const Timestamp from = std::max(now, schedule.last_run_at.value_or(now));
    schedule.next_run_at = schedule.fires_at = schedule.times().next_after(from);
    return missed;
  };
  schedules_.change({pipe.id, pipe.name}, resume, now);
}

}  // namespace sluice

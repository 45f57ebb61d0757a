#include "catalog/schedule_catalog.h"

#include "base/error.h"

namespace sluice {
namespace {

const Sink& sink_of(const Pipe& pipe) {
  if (pipe.sink) return *pipe.sink;
  throw Error(ErrorCode::kInvalid, "The pipe '" + pipe.name + "' is not a sink pipe.",
              "Set a sink first: POST /v0/pipes/" + pipe.name + "/nodes/{node}/sink.");
}

Schedule schedule_of(const Pipe& pipe) {
  const Sink& sink = sink_of(pipe);
  if (sink.schedule) return *sink.schedule;
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
  Schedule schedule = schedule_of(pipe);
  schedule.paused = true;
  schedules_.change({pipe.id, pipe.name}, schedule, std::nullopt, clock_.now());
}

void ScheduleCatalog::resume(const Pipe& pipe) {
  Schedule schedule = schedule_of(pipe);
  if (!schedule.paused) return;
  schedule.paused = false;
  const Timestamp now = clock_.now();
  std::optional<MissedRuns> missed;
  if (schedule.catchup != CatchupPolicy::kAll) {
    missed = missed_up_to(schedule, now);
    schedule.next_run_at = schedule.fires_at = schedule.times().next_after(now);
  }
  schedules_.change({pipe.id, pipe.name}, schedule, missed, now);
}

}  // namespace sluice

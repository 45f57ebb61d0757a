#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/schedule_view.h"
#include "api/sink_fields.h"
#include "api/views.h"
#include "base/error.h"

namespace sluice {
namespace {

constexpr int kMissedShown = 100;

DoorResponse schedule_reply(const ApiParts& parts, const Pipe& pipe) {
  nlohmann::json view = schedule_view(pipe.sink ? pipe.sink->schedule : std::optional<Schedule>());
  view["run_after"] = pipe.sink && pipe.sink->run_after ? nlohmann::json(pipe.sink->run_after->name)
                                                        : nlohmann::json();
  view["missed_runs"] = missed_view(parts.schedules.missed(pipe, kMissedShown));
  return reply(view);
}

}  // namespace

DoorResponse get_schedule(const ApiParts& parts, const ApiCall& call) {
  return schedule_reply(parts, parts.pipes.get(call.names[0]));
}

DoorResponse change_schedule(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others(schedule_fields());
  const Pipe pipe = parts.pipes.get(call.names[0]);
  const SinkParameters parameters = sink_parameters(call.parameters);
  if (wants_one_run(parameters)) {
    throw Error(ErrorCode::kInvalid, "A schedule can't be changed to '@once'.",
                "Run the sink now with POST /v0/pipes/" + pipe.name + "/sink.");
  }
  parts.schedules.change(pipe, parameters);
  return schedule_reply(parts, parts.pipes.get(pipe.id));
}

DoorResponse pause_schedule(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  const Pipe pipe = parts.pipes.get(call.names[0]);
  parts.schedules.pause(pipe);
  return schedule_reply(parts, parts.pipes.get(pipe.id));
}

DoorResponse resume_schedule(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  const Pipe pipe = parts.pipes.get(call.names[0]);
  parts.schedules.resume(pipe);
  return schedule_reply(parts, parts.pipes.get(pipe.id));
}

DoorResponse preview_schedule(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"cron", "timezone"});
  const std::optional<std::string> cron = call.parameters.text("cron");
  if (!cron) {
    throw Error(ErrorCode::kInvalid, "The parameter cron is missing.",
                "For example cron='0 8 * * 1-5' and timezone='Europe/Berlin'.");
  }
  const ScheduleTimes times(CronExpression::parse(*cron),
                            TimeZone::find(call.parameters.text("timezone").value_or("")));
  return reply(schedule_preview_view(times, parts.clock.now()));
}

}  // namespace sluice

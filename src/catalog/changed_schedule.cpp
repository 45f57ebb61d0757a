#include "catalog/changed_schedule.h"

namespace sluice {

bool says_of_schedule(const SinkParameters& parameters) {
  return parameters.schedule_cron || parameters.schedule_timezone || parameters.schedule_overlap ||
         parameters.schedule_catchup || parameters.schedule_catchup_limit ||
         parameters.schedule_jitter;
}

std::optional<Schedule> changed_schedule(const std::optional<Schedule>& old,
                                         const SinkParameters& parameters, Timestamp now) {
  Schedule schedule = old.value_or(Schedule{});
  if (parameters.schedule_timezone) {
    schedule.timezone = TimeZone::find(*parameters.schedule_timezone).name();
  }
  if (parameters.schedule_overlap) {
    schedule.overlap = parse_overlap_policy(*parameters.schedule_overlap);
  }
  if (parameters.schedule_catchup) {
    schedule.catchup = parse_catchup_policy(*parameters.schedule_catchup);
  }
  if (parameters.schedule_catchup_limit) {
    schedule.catchup_limit = parse_catchup_limit(*parameters.schedule_catchup_limit);
  }
  if (parameters.schedule_jitter) schedule.jitter = parse_jitter(*parameters.schedule_jitter);
  if (parameters.schedule_cron) {
    const ScheduleRequest parsed = parse_schedule(*parameters.schedule_cron);
    if (parsed.kind != ScheduleRequest::Kind::kCron) return std::nullopt;
    schedule.cron = parsed.cron->text();
  } else if (!old) {
    return std::nullopt;  // Checked, though there is nothing to keep it.
  }
  schedule.next_run_at = schedule.fires_at = schedule.times().next_after(now);
  return schedule;
}

}  // namespace sluice

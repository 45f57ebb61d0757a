#include "domain/run_variables.h"

namespace sluice {

RunVariables built_in_variables(Timestamp now, const std::optional<Timestamp>& last_success) {
  return {{"job_timestamp", format_timestamp(now)},
          {"last_success_at", format_timestamp(last_success.value_or(Timestamp()))}};
}

RunVariables interval_variables(Timestamp scheduled_at, const Interval& interval) {
  return {{"scheduled_at", format_timestamp(scheduled_at)},
          {"interval_start", format_timestamp(interval.begin)},
          {"interval_end", format_timestamp(interval.end)}};
}

}  // namespace sluice

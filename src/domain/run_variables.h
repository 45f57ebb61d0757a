#pragma once

#include <optional>

#include "base/clock.h"
#include "domain/file_template.h"
#include "domain/firing.h"

namespace sluice {

/// What every run has: `job_timestamp`, when the job was received, and `last_success_at`, when a
/// run of the pipe was done last; 1970 where none was.
RunVariables built_in_variables(Timestamp now, const std::optional<Timestamp>& last_success);

/// What a run that stands for a time has besides: `scheduled_at`, `interval_start` and
/// `interval_end`. They depend on the time alone, so that whoever repeats it writes the same keys.
RunVariables interval_variables(Timestamp scheduled_at, const Interval& interval);

}  // namespace sluice

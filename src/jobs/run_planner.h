#pragma once

#include <functional>
#include <vector>

#include "base/clock.h"
#include "domain/file_template.h"
#include "domain/job.h"
#include "domain/pipe.h"

namespace sluice {

/// What a run of a pipe's sink would do, given the variables of the run; throws `Error` when it
/// can't run.
using RunPlanner = std::function<JobPlan(const Pipe&, const RunVariables&)>;
/// The same for runs that differ in their variables alone: a plan for each, in their order. Only
/// the first is checked with the engine. There is at least one.
using RunsPlanner =
    std::function<std::vector<JobPlan>(const Pipe&, const std::vector<RunVariables>&)>;

/// A run that nobody called for: of the pipe's sink, at `now`, with the interval that `job` has.
/// Where it can't be planned, it is one that failed, so that the history says why.
Job planned_job(Job job, const Pipe& pipe, const RunPlanner& planner, Timestamp now);

}  // namespace sluice

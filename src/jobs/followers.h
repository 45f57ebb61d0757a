#pragma once

#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/job.h"
#include "jobs/run_planner.h"
#include "state/pipe_store.h"

namespace sluice {

/// The runs that follow a run which is done (`run_after`). Thread-safe.
class Followers {
 public:
  Followers(PipeStore& pipes, RunPlanner planner, Clock& clock, Random& random)
      : pipes_(pipes), planner_(std::move(planner)), clock_(clock), random_(random) {}

  /// For each sink that runs after that of `done` a job for the same interval. None after a
  /// backfill: those intervals are the business of whoever asked for them.
  std::vector<Job> of(const Job& done);

 private:
  PipeStore& pipes_;
  RunPlanner planner_;
  Clock& clock_;
  Random& random_;
};

}  // namespace sluice

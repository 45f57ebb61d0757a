#pragma once

#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "domain/job.h"
#include "jobs/run_planner.h"
#include "jobs/worker_pool.h"
#include "state/pipe_store.h"
#include "state/schedule_store.h"

namespace sluice {

/// Turns schedules that are due into jobs (docs/scheduling.md). A firing moves the schedule on and
/// inserts its jobs in one transaction, so a crash neither loses nor doubles it.
class CronLoop {
 public:
  CronLoop(PipeStore& pipes, ScheduleStore& schedules, WorkerPool& workers, RunPlanner planner,
           Clock& clock, Random& random)
      : pipes_(pipes),
        schedules_(schedules),
        workers_(workers),
        planner_(std::move(planner)),
        clock_(clock),
        random_(random) {}

  /// The step of the loop: fires what is due at `now`; returns how many schedules did.
  size_t tick(Timestamp now);

  void start();
  /// Returns when the thread has ended.
  void stop();

 private:
  void loop(const std::stop_token& stop);
  std::optional<Firing> firing_of(const DueSchedule& due, Timestamp now);
  Job job_of(const Pipe& pipe, const FiringPlan::Run& run, Timestamp now);

  PipeStore& pipes_;
  ScheduleStore& schedules_;
  WorkerPool& workers_;
  RunPlanner planner_;
  Clock& clock_;
  Random& random_;
  std::jthread thread_;
};

}  // namespace sluice

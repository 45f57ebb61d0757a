#pragma once

#include <functional>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "domain/job.h"
#include "jobs/worker_pool.h"
#include "state/job_store.h"
#include "state/pipe_store.h"

namespace sluice {

/// Turns schedules that are due into jobs. Each firing moves `next_run_at` and inserts its job in
/// one transaction, so a crash neither loses nor doubles it. After downtime a schedule fires once,
/// for the latest time it missed, and goes on from now.
class CronLoop {
 public:
  /// What a pipe's sink would do now; throws `Error` when it can't run.
  using Planner = std::function<JobPlan(const Pipe&)>;

  CronLoop(PipeStore& pipes, JobStore& jobs, WorkerPool& workers, Planner planner, Clock& clock,
           Random& random)
      : pipes_(pipes),
        jobs_(jobs),
        workers_(workers),
        planner_(std::move(planner)),
        clock_(clock),
        random_(random) {}

  /// The step of the loop: fires what is due at `now`; returns how many did.
  size_t tick(Timestamp now);

  void start();
  /// Returns when the thread has ended.
  void stop();

 private:
  void loop(const std::stop_token& stop);
  bool fire(const DueSchedule& due, Timestamp now);

  PipeStore& pipes_;
  JobStore& jobs_;
  WorkerPool& workers_;
  Planner planner_;
  Clock& clock_;
  Random& random_;
  std::jthread thread_;
};

}  // namespace sluice

#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "jobs/job_runner.h"
#include "jobs/work_budget.h"
#include "state/job_store.h"

namespace sluice {

/// Threads that take jobs from the queue. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(JobStore& jobs, JobRunner& runner, WorkBudget& budget, Clock& clock)
      : jobs_(jobs), runner_(runner), budget_(budget), clock_(clock) {}
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// The step of the loop: works on one job to its end, once there is a place for it; false when
  /// none was waiting.
  bool run_one(const std::stop_token& stop = {});

  /// A thread for each job that the budget has room for.
  void start();
  /// There may be a new job.
  void wake();
  /// Stops the job if it is being worked on. Its row must say `cancelling` already.
  void stop_job(const std::string& job_id);
  /// Takes no new job and stops those under way, which are put back into the queue: the next start
  /// begins them anew or, where they were being published, goes on. Returns when every thread has
  /// ended.
  void stop();

 private:
  void loop(const std::stop_token& stop);
  /// Returns when there may be work: woken since `seen`, or a job is to be tried again.
  void wait_for_work(uint64_t seen, const std::stop_token& stop);

  JobStore& jobs_;
  JobRunner& runner_;
  WorkBudget& budget_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  uint64_t wakes_ = 0;
  bool stopping_ = false;
  std::map<std::string, std::stop_source> running_;
  std::vector<std::jthread> threads_;
};

}  // namespace sluice

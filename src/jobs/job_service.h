#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/job.h"
#include "jobs/worker_pool.h"
#include "state/job_store.h"

namespace sluice {

/// Jobs as callers see them: accepted, shown, cancelled. Thread-safe.
class JobService {
 public:
  JobService(JobStore& jobs, WorkerPool& workers, Clock& clock, Random& random, size_t queue_limit)
      : jobs_(jobs), workers_(workers), clock_(clock), random_(random), queue_limit_(queue_limit) {}

  /// Accepts a run of the pipe's sink; the job is durable when this returns. Throws kTooMany.
  Job run(const Pipe& pipe, JobPlan plan, const std::string& token_name);
  std::optional<Job> find(std::string_view id) { return jobs_.find(id); }
  /// Throws kNotFound that names it.
  Job get(std::string_view id);
  /// The same, once it has ended or `wait` is over; waits at once only where not too many do.
  Job await(std::string_view id, std::chrono::seconds wait, const std::stop_token& stop);
  std::vector<JobAttempt> attempts(const std::string& id) { return jobs_.attempts(id); }
  std::vector<JobFile> files(const std::string& id) { return jobs_.files(id); }
  JobPage list(const JobFilter& filter) { return jobs_.list(filter); }
  /// See JobStore::cancel; a running job is stopped.
  Job cancel(std::string_view id);

 private:
  JobStore& jobs_;
  WorkerPool& workers_;
  Clock& clock_;
  Random& random_;
  size_t queue_limit_;
  std::atomic<int> waiting_{0};
};

}  // namespace sluice

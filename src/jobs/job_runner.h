#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/random.h"
#include "domain/job.h"
#include "engine/engine.h"
#include "jobs/followers.h"
#include "jobs/job_metrics.h"
#include "jobs/work_budget.h"
#include "object_store/open_store.h"
#include "pipeline/export.h"
#include "pipeline/key_reservations.h"
#include "state/connection_store.h"
#include "state/job_store.h"

namespace sluice {

struct JobRunnerParts {
  JobStore& jobs;
  ConnectionStore& connections;
  Engine& engine;
  StoreOpener& stores;
  Clock& clock;
  Random& random;
  ExportLimits limits;  ///< Of each job; its memory is what its share of the budget says.
  int max_attempts = limits::kJobAttempts;
  Followers* followers = nullptr;  ///< Null: no sink runs after another.
  /// Returns when all rows are there that have the time of something before now: a run that stands
  /// for an interval reads all of it. May be empty.
  std::function<void()> settle_data = {};
};

/// Does what one claimed job says, to its end: every outcome is written to the job, none is thrown.
/// Thread-safe; jobs run beside each other.
class JobRunner {
 public:
  explicit JobRunner(JobRunnerParts parts) : parts_(std::move(parts)) {}

  /// `stop` ends the work early. Whether that means cancelled or "go on after the next start" is
  /// what the job's row says: a job that nobody cancelled is put back into the queue.
  void run(const Job& job, const std::stop_token& stop, WorkBudget::Share& share);

  /// Of all jobs it has run.
  const JobMetrics& metrics() const { return metrics_; }

 private:
  void attempt(const Job& job, const std::stop_token& stop, WorkBudget::Share& share);
  void roll_forward(const Job& job, WorkBudget::Share& share);
  void remove_begun(ObjectStore& store, const Job& job);
  void remove_outdated(ObjectStore& store, const Job& job);
  void settle(const Job& job, const Error& error, std::chrono::nanoseconds took);
  void put_back(Job job, const Error& error, std::chrono::milliseconds delay);
  std::vector<StageTicket> clean_up(const Job& job) noexcept;
  void finish(Job job, JobStatus status);
  std::unique_ptr<ObjectStore> open_store(const Job& job, std::stop_token stop);

  JobRunnerParts parts_;
  KeyReservations reservations_;
  JobMetrics metrics_;
};

}  // namespace sluice

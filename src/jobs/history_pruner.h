#pragma once

#include <chrono>
#include <thread>

#include "base/clock.h"
#include "state/job_store.h"

namespace sluice {

/// Removes jobs from the history that ended longer than `keep` ago (--keep-history).
class HistoryPruner {
 public:
  HistoryPruner(JobStore& jobs, Clock& clock, std::chrono::seconds keep)
      : jobs_(jobs), clock_(clock), keep_(keep) {}

  /// The step of the loop: removes all there is to remove at `now`, some at a time, so that other
  /// writers need not wait for long; gives their number.
  size_t prune(Timestamp now, const std::stop_token& stop);

  /// Does nothing where everything is kept (`keep` is 0).
  void start();
  /// Returns when the thread has ended.
  void stop();

 private:
  void loop(const std::stop_token& stop);

  JobStore& jobs_;
  Clock& clock_;
  std::chrono::seconds keep_;
  std::jthread thread_;
};

}  // namespace sluice

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>

#include "base/clock.h"
#include "object_store/watched_store.h"

namespace sluice {

/// What jobs may use together: `queries` places for jobs whose query runs, `uploads` more for jobs
/// that wait for their store meanwhile, and memory. A job begins with a place for its query. When
/// it has waited for its store for a while, another job may have that place; back from the store it
/// waits until one is free, and comes before jobs that have not begun. So a slow store holds up its
/// own jobs and no others. Thread-safe.
class WorkBudget {
 public:
  struct Limits {
    size_t queries = 2;
    size_t uploads = 2;
    uint64_t memory_bytes = 0;  ///< For all jobs.
  };
  class Share;

  WorkBudget(const Limits& limits, Clock& clock);
  /// All shares must be gone.
  ~WorkBudget() = default;
  WorkBudget(const WorkBudget&) = delete;
  WorkBudget& operator=(const WorkBudget&) = delete;

  /// A place for one job, as soon as there is one; null when `stop` is requested before.
  std::unique_ptr<Share> take(const std::stop_token& stop);
  /// Jobs that there can be at once.
  size_t jobs() const { return limits_.queries + limits_.uploads; }

 private:
  bool may_begin();
  void lend_places();

  const Limits limits_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::set<Share*> shares_;
  size_t querying_ = 0;   ///< Shares that hold a place for a query.
  size_t returning_ = 0;  ///< Shares that wait to have theirs back.
  size_t large_ = 0;      ///< Shares with the memory of a job that found a place of its own.
};

/// One job's part. Told by a watched store when the job waits for it.
class WorkBudget::Share final : public StoreWatch {
 public:
  Share(WorkBudget& budget, bool large);
  ~Share() override;
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  /// That the job may use. A job that takes the place of one which waits gets less.
  uint64_t memory_bytes() const;
  /// Once this is requested, the job no longer waits for a place: it is about to end. Before the
  /// job begins.
  void stop_with(std::stop_token stop) { stop_ = std::move(stop); }
  void begin_call() override;
  void end_call() override;

 private:
  friend class WorkBudget;

  WorkBudget& budget_;
  const bool large_;
  std::stop_token stop_;
  // Guarded by the budget's mutex.
  bool has_place_ = true;
  int calls_ = 0;  ///< Threads in the store.
  std::chrono::nanoseconds since_{};
};

}  // namespace sluice

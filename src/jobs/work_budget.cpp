#include "jobs/work_budget.h"

#include <algorithm>
#include <utility>

namespace sluice {
namespace {

/// A store that answers faster than this is not worth another job's start.
constexpr std::chrono::milliseconds kStalledAfter{500};
/// How often those who wait for a place look whether a job has stalled.
constexpr std::chrono::milliseconds kLookEvery{100};
/// Shares of jobs beyond the places for queries are smaller by this.
constexpr uint64_t kSmaller = 4;

}  // namespace

WorkBudget::WorkBudget(const Limits& limits, Clock& clock) : limits_(limits), clock_(clock) {}

std::unique_ptr<WorkBudget::Share> WorkBudget::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!may_begin()) {
    if (stop.stop_requested()) return nullptr;
    changed_.wait_for(lock, stop, kLookEvery, [this] { return may_begin(); });
  }
  ++querying_;
  const bool large = large_ < limits_.queries;
  if (large) ++large_;
  auto share = std::make_unique<Share>(*this, large);
  shares_.insert(share.get());
  return share;
}

/// With the lock held.
bool WorkBudget::may_begin() {
  if (shares_.size() >= jobs()) return false;
  if (querying_ + returning_ >= limits_.queries) lend_places();
  return querying_ + returning_ < limits_.queries;
}

/// Takes the places of jobs that have waited for their store for long.
void WorkBudget::lend_places() {
  const std::chrono::nanoseconds now = clock_.ticks();
  for (Share* share : shares_) {
    if (!share->has_place_ || share->calls_ == 0 || now - share->since_ < kStalledAfter) continue;
    share->has_place_ = false;
    --querying_;
    changed_.notify_all();
  }
}

WorkBudget::Share::Share(WorkBudget& budget, bool large) : budget_(budget), large_(large) {}

WorkBudget::Share::~Share() {
  const std::lock_guard lock(budget_.mutex_);
  budget_.shares_.erase(this);
  if (has_place_) --budget_.querying_;
  if (large_) --budget_.large_;
  budget_.changed_.notify_all();
}

uint64_t WorkBudget::Share::memory_bytes() const {
  const Limits& limits = budget_.limits_;
  const uint64_t large =
      kSmaller * limits.memory_bytes / (kSmaller * limits.queries + limits.uploads);
  return large_ ? large : large / kSmaller;
}

void WorkBudget::Share::begin_call() {
  const std::lock_guard lock(budget_.mutex_);
  if (calls_++ == 0) since_ = budget_.clock_.ticks();
}

void WorkBudget::Share::end_call() {
  std::unique_lock lock(budget_.mutex_);
  if (--calls_ > 0 || has_place_) return;
  ++budget_.returning_;
  const bool free = budget_.changed_.wait(
      lock, stop_, [this] { return budget_.querying_ < budget_.limits_.queries; });
  --budget_.returning_;
  // A job that is to end takes its place over the limit: it needs it for a moment.
  has_place_ = true;
  ++budget_.querying_;
  if (!free) budget_.changed_.notify_all();
}

}  // namespace sluice

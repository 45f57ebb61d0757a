#include "jobs/worker_pool.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"

namespace sluice {
namespace {

/// After a failure of the queue itself (a full disk, say), before it is asked again.
constexpr std::chrono::seconds kPauseAfterFailure{1};
/// Between two looks for a job that is to be tried again: the clock may be set meanwhile.
constexpr std::chrono::milliseconds kShortestPause{10};
constexpr std::chrono::seconds kLongestPause{10};

}  // namespace

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::run_one(const std::stop_token& stop) {
  const std::unique_ptr<WorkBudget::Share> share = budget_.take(stop);
  if (!share) return false;
  std::optional<Job> job;
  const std::stop_source stop_job;
  {
    // Claimed under the lock, so that a cancel finds the job either waiting or running here.
    std::lock_guard lock(mutex_);
    if (stopping_) return false;
    job = jobs_.claim(clock_.now());
    if (!job) return false;
    running_.emplace(job->id, stop_job);
  }
  runner_.run(*job, stop_job.get_token(), *share);
  release_free_memory();
  std::lock_guard lock(mutex_);
  running_.erase(job->id);
  // Its end may have made several others ready: those of its pipe, its connection, its backfill, or
  // those that run after it.
  ++wakes_;
  woken_.notify_all();
  return true;
}

void WorkerPool::start() {
  for (size_t i = 0; i < budget_.jobs(); ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { loop(stop); });
  }
}

void WorkerPool::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    uint64_t seen = 0;
    {
      std::lock_guard lock(mutex_);
      seen = wakes_;
    }
    try {
      if (run_one(stop)) continue;
      wait_for_work(seen, stop);
    } catch (const std::exception& error) {
      log_error(std::string("The job queue can't be read: ") + error.what());
      clock_.sleep(kPauseAfterFailure, stop);
    }
  }
}

void WorkerPool::wait_for_work(uint64_t seen, const std::stop_token& stop) {
  const std::optional<Timestamp> retry = jobs_.next_retry();
  const auto woken = [&] { return wakes_ != seen; };
  std::unique_lock lock(mutex_);
  if (!retry) {
    woken_.wait(lock, stop, woken);
    return;
  }
  const auto pause =
      std::clamp<std::chrono::microseconds>(*retry - clock_.now(), kShortestPause, kLongestPause);
  woken_.wait_for(lock, stop, pause, woken);
}

void WorkerPool::wake() {
  std::lock_guard lock(mutex_);
  ++wakes_;
  woken_.notify_all();
}

void WorkerPool::stop_job(const std::string& job_id) {
  std::lock_guard lock(mutex_);
  auto found = running_.find(job_id);
  if (found != running_.end()) {
    found->second.request_stop();
  } else {
    ++wakes_;  // Interrupted earlier: a worker has to clean up.
    woken_.notify_all();
  }
}

void WorkerPool::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [id, source] : running_) source.request_stop();
  }
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

}  // namespace sluice

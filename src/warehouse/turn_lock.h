#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace sluice {

/// A lock that threads get in the order in which they asked for it. A thread that takes a
/// std::mutex again right after it let it go may keep all others waiting. Used with
/// std::lock_guard.
class TurnLock {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const uint64_t mine = next_++;
    turned_.wait(lock, [&] { return mine == now_; });
  }
  void unlock() {
    {
      std::lock_guard lock(mutex_);
      ++now_;
    }
    turned_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turned_;
  uint64_t next_ = 0;
  uint64_t now_ = 0;
};

}  // namespace sluice

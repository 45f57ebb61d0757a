#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace sluice {

/// A few threads that do what would hold up the thread that writes. They start when there is work
/// for them, at most `threads`; as many tasks again may wait. Thread-safe.
class UploadPool {
 public:
  explicit UploadPool(size_t threads);
  /// Waits for the tasks that run. None may wait any more: each owner has dropped its own.
  ~UploadPool() = default;

  /// Blocks while no more may wait. `task` must not throw and must not submit. kUnavailable when
  /// the machine gives no thread at all; then the task is not run.
  void submit(const void* owner, std::function<void()> task);
  /// Forgets the owner's tasks that have not begun; returns how many.
  size_t drop(const void* owner);

 private:
  struct Task {
    const void* owner;
    std::function<void()> run;
  };

  void start_thread();
  void work(const std::stop_token& stop);

  const size_t most_;
  std::mutex mutex_;
  std::condition_variable_any work_;
  std::condition_variable_any room_;
  std::deque<Task> waiting_;
  size_t idle_ = 0;
  std::vector<std::jthread> threads_;  ///< Last: they end before what they use.
};

}  // namespace sluice

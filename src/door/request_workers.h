#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "door/request_reader.h"

namespace sluice {

/// Threads that take complete requests from a queue, in the order in which they came. The queue is
/// bounded by the number of connections: each has at most one request in it.
class RequestWorkers {
 public:
  /// Works on one request; must not throw.
  using Work = std::function<void(uint64_t id, CompleteRequest request, std::stop_token stop)>;
  /// Makes the work of one thread, on that thread.
  using MakeWork = std::function<Work()>;

  RequestWorkers(size_t threads, const MakeWork& make_work);
  /// As `end`.
  ~RequestWorkers();

  void add(uint64_t id, CompleteRequest request);
  /// Forgets what is queued, requests the stop token of what is running and waits for it.
  void end();

 private:
  struct Item {
    uint64_t id;
    CompleteRequest request;
  };

  void run(const std::stop_token& stop, const MakeWork& make_work);

  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::deque<Item> queue_;  // guarded by mutex_
  std::vector<std::jthread> threads_;
};

}  // namespace sluice

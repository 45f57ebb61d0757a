#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace sluice {

/// Threads that make pieces for a PartQueue. What one of them throws fails the queue. Destroyed,
/// the queue is closed first and then the threads are waited for.
template <class Queue>
class Lanes {
 public:
  /// `work(lane)` runs once on each of `count` threads, lanes numbered from 0.
  Lanes(size_t count, Queue& queue, const std::function<void(size_t lane)>& work) : queue_(queue) {
    threads_.reserve(count);
    for (size_t lane = 0; lane < count; ++lane) {
      threads_.emplace_back([this, lane, work] { run(lane, work); });
    }
  }
  ~Lanes() { queue_.close(); }
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

 private:
  void run(size_t lane, const std::function<void(size_t)>& work) {
    try {
      work(lane);
    } catch (...) {
      queue_.fail(std::current_exception());
    }
  }

  Queue& queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace sluice

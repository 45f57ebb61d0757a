#pragma once

#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

#include "base/clock.h"

namespace sluice {

/// A clock that stands still until a test moves it; sleeping moves it at once. Thread-safe.
class FakeClock final : public Clock {
 public:
  /// Starts at 2026-11-23 08:30:00 UTC unless told otherwise.
  explicit FakeClock(Timestamp start = Timestamp{std::chrono::seconds{1795422600}}) : now_(start) {}

  Timestamp now() const override {
    std::scoped_lock lock(mutex_);
    return now_;
  }
  std::chrono::nanoseconds ticks() const override {
    std::scoped_lock lock(mutex_);
    return ticks_;
  }
  /// Advances by `duration` and remembers it; returns true, without advancing, if stopped before.
  bool sleep(std::chrono::nanoseconds duration, std::stop_token stop) override {
    if (stop.stop_requested()) return true;
    {
      std::scoped_lock lock(mutex_);
      sleeps_.push_back(duration);
    }
    advance(duration);
    return false;
  }

  void advance(std::chrono::nanoseconds duration) {
    std::scoped_lock lock(mutex_);
    ticks_ += duration;
    carry_ += duration;
    const auto whole = std::chrono::floor<std::chrono::microseconds>(carry_);
    now_ += whole;
    carry_ -= whole;
  }
  /// Moves the wall clock only (a step of NTP); `ticks` goes on as if nothing happened.
  void set_now(Timestamp now) {
    std::scoped_lock lock(mutex_);
    now_ = now;
  }
  /// Every duration slept so far, in order.
  std::vector<std::chrono::nanoseconds> sleeps() const {
    std::scoped_lock lock(mutex_);
    return sleeps_;
  }

 private:
  mutable std::mutex mutex_;
  Timestamp now_;
  std::chrono::nanoseconds ticks_{0};
  std::chrono::nanoseconds carry_{0};
  std::vector<std::chrono::nanoseconds> sleeps_;
};

}  // namespace sluice

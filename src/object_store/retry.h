#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"

namespace sluice {

/// Decides whether a failed call is made again and waits before it: at most `attempts` times in
/// all, not counting those that were throttled, no wait that would end after
/// limits::kStoreRetryBudget. The wait is drawn evenly from zero to a bound that doubles ("full
/// jitter", AWS Architecture Blog, "Exponential Backoff And Jitter"), and is no shorter than what
/// the other side asked for. One object serves one call.
class Retry {
 public:
  Retry(Clock& clock, Random& random, std::stop_token stop, int attempts = limits::kStoreAttempts);

  /// After a failed attempt: waits and says true, or says false when there is no attempt left.
  /// `throttled`: the other side is well and asks for fewer calls, so no attempt is counted, but
  /// half the budget is the end, unless it said itself how long to wait: the job is tried again as
  /// a whole, too. Throws kCancelled when stopped.
  bool again(std::optional<std::chrono::seconds> asked = std::nullopt, bool throttled = false);

 private:
  Clock& clock_;
  Random& random_;
  std::stop_token stop_;
  std::chrono::nanoseconds deadline_;
  int attempts_left_;
  std::chrono::milliseconds bound_;
};

}  // namespace sluice

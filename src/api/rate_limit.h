#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace sluice {

/// How many requests a token may make: a bucket of `per_minute` requests that fills up steadily, so
/// a burst is fine and the average is held. 0 means no limit. Thread-safe.
class RateLimit {
 public:
  RateLimit(Clock& clock, size_t per_minute) : clock_(clock), per_minute_(per_minute) {}

  struct Verdict {
    bool allowed = true;
    size_t limit = 0;      ///< Requests a minute; 0: there is no limit.
    size_t remaining = 0;  ///< Requests that would be allowed now.
    /// Until a request is allowed (if this one was not), or until the bucket is full again.
    std::chrono::seconds reset{0};
  };
  /// Counts a request of `who` if it is allowed.
  Verdict take(const std::string& who);

 private:
  struct Bucket {
    double filled = 0;
    std::chrono::nanoseconds at{0};
  };
  void fill(Bucket& bucket, std::chrono::nanoseconds now) const;
  void forget_full(std::chrono::nanoseconds now);

  Clock& clock_;
  size_t per_minute_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace sluice

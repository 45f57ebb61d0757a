#include "api/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace sluice {
namespace {

constexpr double kMinute = 60.0;
/// Buckets kept before the full ones are forgotten (they are as good as none).
constexpr size_t kBuckets = 4096;

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

void RateLimit::fill(Bucket& bucket, std::chrono::nanoseconds now) const {
  const double most = static_cast<double>(per_minute_);
  bucket.filled = std::min(most, bucket.filled + seconds_of(now - bucket.at) * most / kMinute);
  bucket.at = now;
}

void RateLimit::forget_full(std::chrono::nanoseconds now) {
  const double most = static_cast<double>(per_minute_);
  std::erase_if(buckets_, [&](const auto& item) {
    Bucket bucket = item.second;
    fill(bucket, now);
    return bucket.filled >= most;
  });
}

RateLimit::Verdict RateLimit::take(const std::string& who) {
  if (per_minute_ == 0) return {};
  const double most = static_cast<double>(per_minute_);
  const std::chrono::nanoseconds now = clock_.ticks();
  std::lock_guard lock(mutex_);
  if (buckets_.size() >= kBuckets) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(who, Bucket{most, now}).first->second;
  fill(bucket, now);
  Verdict verdict;
  verdict.limit = per_minute_;
  verdict.allowed = bucket.filled >= 1;
  if (verdict.allowed) bucket.filled -= 1;
  verdict.remaining = static_cast<size_t>(bucket.filled);
  const double missing = verdict.allowed ? most - bucket.filled : 1 - bucket.filled;
  verdict.reset = std::chrono::seconds(static_cast<int64_t>(std::ceil(missing * kMinute / most)));
  return verdict;
}

}  // namespace sluice

#include "jobs/retry.h"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::chrono::milliseconds kFirstDelay = std::chrono::seconds(1);
constexpr std::chrono::milliseconds kLongestDelay = std::chrono::minutes(5);
/// Doubled as often, the first delay is past the longest one.
constexpr int kDoublings = 9;

}  // namespace

bool may_heal(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTooMany:
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable:
    case ErrorCode::kBusy:
      return true;
    default:
      return false;
  }
}

std::chrono::milliseconds retry_delay(int attempt, Random& random) {
  const int doublings = std::clamp(attempt - 1, 0, kDoublings);
  const auto most = std::min(kFirstDelay * (1 << doublings), kLongestDelay);
  const auto half = most / 2;
  return half + std::chrono::milliseconds(random.below(static_cast<uint64_t>(half.count()) + 1));
}

}  // namespace sluice

#include "object_store/retry.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace sluice {
namespace {

constexpr std::chrono::milliseconds kFirstBound{200};
constexpr std::chrono::milliseconds kLargestBound{10000};

}  // namespace

Retry::Retry(Clock& clock, Random& random, std::stop_token stop, int attempts)
    : clock_(clock),
      random_(random),
      stop_(std::move(stop)),
      deadline_(clock.ticks() + limits::kStoreRetryBudget),
      attempts_left_(attempts - 1),
      bound_(kFirstBound) {}

bool Retry::again(std::optional<std::chrono::seconds> asked, bool throttled) {
  if (attempts_left_ <= 0 && !throttled) return false;
  std::chrono::nanoseconds wait =
      std::chrono::milliseconds(random_.below(static_cast<uint64_t>(bound_.count()) + 1));
  if (asked) wait = std::max<std::chrono::nanoseconds>(wait, *asked);
  const auto deadline = throttled && !asked ? deadline_ - limits::kStoreRetryBudget / 2 : deadline_;
  if (clock_.ticks() + wait > deadline) return false;
  if (clock_.sleep(wait, stop_)) {
    throw Error(ErrorCode::kCancelled, "Stopped while waiting to try the store again.");
  }
  if (!throttled) --attempts_left_;
  bound_ = std::min(bound_ * 2, kLargestBound);
  return true;
}

}  // namespace sluice

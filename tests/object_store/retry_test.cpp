#include "object_store/retry.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Retry, MakesSoManyAttemptsWithWaitsBelowADoublingBound) {
  FakeClock clock;
  FakeRandom random;
  Retry retry(clock, random, {});
  int attempts = 1;
  while (retry.again()) ++attempts;
  EXPECT_EQ(attempts, limits::kStoreAttempts);
  milliseconds bound{200};
  for (const auto& wait : clock.sleeps()) {
    EXPECT_LE(wait, bound);
    bound *= 2;
  }
}

TEST(Retry, JitterReachesFromNearZeroToNearTheBound) {
  FakeClock clock;
  FakeRandom random;
  for (int i = 0; i < 1000; ++i) Retry(clock, random, {}).again();
  auto sleeps = clock.sleeps();
  std::sort(sleeps.begin(), sleeps.end());
  EXPECT_LT(sleeps.front(), milliseconds(5));
  EXPECT_GT(sleeps.back(), milliseconds(195));
  EXPECT_LE(sleeps.back(), milliseconds(200));
}

TEST(Retry, TimeSpentInAttemptsCountsAgainstTheBudget) {
  FakeClock clock;
  FakeRandom random;
  Retry retry(clock, random, {});
  EXPECT_TRUE(retry.again());
  clock.advance(limits::kStoreRetryBudget);
  EXPECT_FALSE(retry.again());
}

TEST(Retry, WaitsAtLeastAsAsked) {
  FakeClock clock;
  FakeRandom random;
  Retry retry(clock, random, {});
  EXPECT_TRUE(retry.again(seconds(9)));
  EXPECT_EQ(clock.sleeps().at(0), seconds(9));
  EXPECT_FALSE(retry.again(seconds(52)));
}

TEST(Retry, ThrottlingCostsTimeButNoAttempt) {
  FakeClock clock;
  FakeRandom random;
  Retry retry(clock, random, {}, 2);
  int times = 0;
  while (retry.again(std::nullopt, true)) ++times;
  EXPECT_GT(times, 5);
  EXPECT_LE(clock.ticks(), limits::kStoreRetryBudget / 2);
  EXPECT_GE(clock.ticks(), limits::kStoreRetryBudget / 2 - seconds(10));
  Retry mixed(clock, random, {}, 2);
  EXPECT_TRUE(mixed.again(std::nullopt, true));
  EXPECT_TRUE(mixed.again());
  EXPECT_FALSE(mixed.again());
}

TEST(Retry, StopIsCancelled) {
  FakeClock clock;
  FakeRandom random;
  std::stop_source stop;
  Retry retry(clock, random, stop.get_token());
  stop.request_stop();
  try {
    retry.again();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

}  // namespace
}  // namespace sluice

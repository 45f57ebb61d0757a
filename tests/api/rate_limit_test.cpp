#include "api/rate_limit.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace sluice {
namespace {

TEST(RateLimit, NoneMeansNone) {
  FakeClock clock;
  RateLimit rate(clock, 0);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(rate.take("a").allowed);
  EXPECT_EQ(rate.take("a").limit, 0U);
}

TEST(RateLimit, ABurstThenASteadyRate) {
  FakeClock clock;
  RateLimit rate(clock, 60);
  for (size_t i = 0; i < 60; ++i) {
    const RateLimit::Verdict verdict = rate.take("a");
    ASSERT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, 59 - i);
  }
  EXPECT_FALSE(rate.take("a").allowed);
  EXPECT_EQ(rate.take("a").reset, std::chrono::seconds(1));
  clock.advance(std::chrono::milliseconds(900));
  EXPECT_FALSE(rate.take("a").allowed);
  clock.advance(std::chrono::milliseconds(200));
  EXPECT_TRUE(rate.take("a").allowed);
  EXPECT_FALSE(rate.take("a").allowed);
  clock.advance(std::chrono::hours(1));
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(rate.take("a").allowed);
  EXPECT_FALSE(rate.take("a").allowed) << "a long rest saves up no more than a minute's worth";
}

TEST(RateLimit, EachHasItsOwnAndTheLimitHoldsAmongMany) {
  FakeClock clock;
  RateLimit rate(clock, 1);
  EXPECT_TRUE(rate.take("a").allowed);
  EXPECT_FALSE(rate.take("a").allowed);
  for (int i = 0; i < 10000; ++i) ASSERT_TRUE(rate.take("b" + std::to_string(i)).allowed);
  EXPECT_FALSE(rate.take("a").allowed) << "who has used up his rate is not forgotten";
  EXPECT_EQ(rate.take("a").reset, std::chrono::seconds(60));
}

}  // namespace
}  // namespace sluice

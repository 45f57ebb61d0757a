#include "jobs/retry.h"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

TEST(Retry, OnlyWhatMayHealByItself) {
  for (ErrorCode code :
       {ErrorCode::kTooMany, ErrorCode::kTimeout, ErrorCode::kUnavailable, ErrorCode::kBusy}) {
    EXPECT_TRUE(may_heal(code)) << error_code_name(code);
  }
  for (ErrorCode code :
       {ErrorCode::kInvalid, ErrorCode::kUnauthenticated, ErrorCode::kForbidden,
        ErrorCode::kNotFound, ErrorCode::kConflict, ErrorCode::kTooLarge, ErrorCode::kCancelled,
        ErrorCode::kStorage, ErrorCode::kCorrupt, ErrorCode::kInternal}) {
    EXPECT_FALSE(may_heal(code)) << error_code_name(code);
  }
}

TEST(Retry, DelaysDoubleUpToFiveMinutesWithJitter) {
  const std::unique_ptr<Random> random = make_system_random();
  for (const auto& [attempt, most] :
       std::vector<std::pair<int, std::chrono::milliseconds>>{{1, std::chrono::seconds(1)},
                                                              {2, std::chrono::seconds(2)},
                                                              {5, std::chrono::seconds(16)},
                                                              {9, std::chrono::seconds(256)},
                                                              {10, std::chrono::minutes(5)},
                                                              {1000, std::chrono::minutes(5)}}) {
    std::set<std::chrono::milliseconds> seen;
    for (int i = 0; i < 50; ++i) {
      const std::chrono::milliseconds delay = retry_delay(attempt, *random);
      EXPECT_GE(delay, most / 2) << attempt;
      EXPECT_LE(delay, most) << attempt;
      seen.insert(delay);
    }
    EXPECT_GT(seen.size(), 10U) << "those that failed together come back together";
  }
}

}  // namespace
}  // namespace sluice

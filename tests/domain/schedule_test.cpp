#include "domain/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

template <class Parse>
std::string failure(Parse parse) {
  try {
    parse();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    return error.message() + " " + error.hint();
  }
  return "accepted";
}

TEST(Schedule, PoliciesByName) {
  for (const char* name : {"skip", "queue", "allow", "replace"}) {
    EXPECT_EQ(overlap_policy_name(parse_overlap_policy(name)), name);
  }
  for (const char* name : {"none", "latest", "all"}) {
    EXPECT_EQ(catchup_policy_name(parse_catchup_policy(name)), name);
  }
  EXPECT_EQ(parse_overlap_policy(" Queue "), OverlapPolicy::kQueue);
  EXPECT_THAT(failure([] { parse_overlap_policy("wait"); }),
              testing::AllOf(HasSubstr("'wait'"), HasSubstr("skip, queue, allow, replace")));
  EXPECT_THAT(failure([] { parse_catchup_policy(""); }), HasSubstr("none, latest, all"));
}

TEST(Schedule, CatchupLimit) {
  EXPECT_EQ(parse_catchup_limit("1"), 1U);
  EXPECT_EQ(parse_catchup_limit("10000"), 10'000U);
  for (const char* bad : {"0", "10001", "-1", "1.5", "", "ten", "99999999999"}) {
    EXPECT_THAT(failure([&] { parse_catchup_limit(bad); }), HasSubstr("1 to 10000")) << bad;
  }
}

TEST(Schedule, Jitter) {
  EXPECT_EQ(parse_jitter("90"), seconds(90));
  EXPECT_EQ(parse_jitter("90s"), seconds(90));
  EXPECT_EQ(parse_jitter("15M"), seconds(900));
  EXPECT_EQ(parse_jitter("24h"), seconds(86'400));
  EXPECT_EQ(parse_jitter("0"), seconds(0));
  for (const char* bad : {"25h", "86401", "m", "", "1d", "-5s", "5 m"}) {
    EXPECT_THAT(failure([&] { parse_jitter(bad); }), HasSubstr("up to a day")) << bad;
  }
}

TEST(Schedule, ItsTimes) {
  Schedule schedule;
  schedule.cron = "0 8 * * *";
  schedule.timezone = "Europe/Berlin";
  EXPECT_EQ(schedule.times().next_after(parse_timestamp("2026-11-23 08:00:00").value()),
            parse_timestamp("2026-11-24 07:00:00"));
}

}  // namespace
}  // namespace sluice

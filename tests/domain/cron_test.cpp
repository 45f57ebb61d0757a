#include "domain/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/error.h"
#include "domain/schedule_times.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

std::string next(std::string_view cron, std::string_view after) {
  const auto found = ScheduleTimes(CronExpression::parse(cron), {}).next_after(at(after));
  return found ? format_timestamp(*found).substr(0, 16) : "never";
}

std::string failure(std::string_view cron) {
  try {
    CronExpression::parse(cron);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    return error.what();
  }
  return "accepted";
}

TEST(Cron, NextIsStrictlyAfter) {
  EXPECT_EQ(next("* * * * *", "2026-11-23 08:30:00"), "2026-11-23 08:31");
  EXPECT_EQ(next("* * * * *", "2026-11-23 08:30:59.999999"), "2026-11-23 08:31");
  EXPECT_EQ(next("30 8 * * *", "2026-11-23 08:29:59.999999"), "2026-11-23 08:30");
  EXPECT_EQ(next("30 8 * * *", "2026-11-23 08:30:00"), "2026-11-24 08:30");
  EXPECT_EQ(next("0 */1 * * *", "2026-11-23 23:00:00"), "2026-11-24 00:00");
}

TEST(Cron, ListsRangesAndSteps) {
  EXPECT_EQ(next("5,35 * * * *", "2026-11-23 08:06:00"), "2026-11-23 08:35");
  EXPECT_EQ(next("10-40/15 * * * *", "2026-11-23 08:11:00"), "2026-11-23 08:25");
  EXPECT_EQ(next("10-40/15 * * * *", "2026-11-23 08:40:00"), "2026-11-23 09:10");
  EXPECT_EQ(next("20/15 * * * *", "2026-11-23 08:36:00"), "2026-11-23 08:50");
  EXPECT_EQ(next("0 */24 * * *", "2026-11-23 08:36:00"), "2026-11-24 00:00");
  EXPECT_EQ(next("0 0 1-7,15 2 *", "2026-02-08 00:00:00"), "2026-02-15 00:00");
}

TEST(Cron, NamesAndSunday) {
  // 23 November 2026 is a Monday.
  EXPECT_EQ(next("0 0 * jan *", "2026-11-23 08:00:00"), "2027-01-01 00:00");
  EXPECT_EQ(next("0 0 * * WED", "2026-11-23 08:00:00"), "2026-11-25 00:00");
  EXPECT_EQ(next("0 0 * * 7", "2026-11-23 08:00:00"), "2026-11-29 00:00");
  EXPECT_EQ(next("0 0 * * 0", "2026-11-23 08:00:00"), "2026-11-29 00:00");
  EXPECT_EQ(next("0 0 * * FRI-SUN", "2026-11-28 08:00:00"), "2026-11-29 00:00");
  EXPECT_EQ(next("0 0 * * 5-7", "2026-11-23 08:00:00"), "2026-11-27 00:00");
}

TEST(Cron, BothDayFields) {
  EXPECT_EQ(next("0 0 25 * FRI", "2026-11-23 00:00:00"), "2026-11-25 00:00");
  EXPECT_EQ(next("0 0 25 * FRI", "2026-11-25 00:00:00"), "2026-11-27 00:00");
  // A field that begins with a star is unrestricted: both have to match.
  EXPECT_EQ(next("0 0 */2 * MON", "2026-11-23 00:00:00"), "2026-12-07 00:00");
  EXPECT_EQ(next("0 0 13 * */5", "2026-11-23 00:00:00"), "2026-12-13 00:00");
}

TEST(Cron, LeapDays) {
  EXPECT_EQ(next("0 0 29 2 *", "2026-11-23 00:00:00"), "2028-02-29 00:00");
  EXPECT_EQ(next("0 0 29 2 *", "2096-03-01 00:00:00"), "2104-02-29 00:00");
  EXPECT_EQ(next("0 0 31 * *", "2026-11-23 00:00:00"), "2026-12-31 00:00");
  EXPECT_EQ(next("59 23 31 12 *", "2026-12-31 23:59:00"), "2027-12-31 23:59");
}

TEST(Cron, Macros) {
  const std::string start = "2026-11-23 08:30:00";
  EXPECT_EQ(next("@hourly", start), "2026-11-23 09:00");
  EXPECT_EQ(next("@daily", start), "2026-11-24 00:00");
  EXPECT_EQ(next("@midnight", start), "2026-11-24 00:00");
  EXPECT_EQ(next("@weekly", start), "2026-11-29 00:00");
  EXPECT_EQ(next("@MONTHLY", start), "2026-12-01 00:00");
  EXPECT_EQ(next("@yearly", start), "2027-01-01 00:00");
  EXPECT_EQ(next("@annually", start), "2027-01-01 00:00");
}

TEST(Cron, TextIsKeptAsGiven) {
  EXPECT_EQ(CronExpression::parse("  0  */1 * * MON\t").text(), "0  */1 * * MON");
  EXPECT_EQ(CronExpression::parse("@Daily").text(), "@Daily");
}

TEST(Cron, RefusalsNameTheFieldAndWhatIsAllowed) {
  EXPECT_THAT(failure("60 * * * *"), HasSubstr("minute field"));
  EXPECT_THAT(failure("60 * * * *"), HasSubstr("0-59"));
  EXPECT_THAT(failure("* 24 * * *"), HasSubstr("hour field"));
  EXPECT_THAT(failure("* * 0 * *"), HasSubstr("day-of-month field"));
  EXPECT_THAT(failure("* * * 13 *"), HasSubstr("month field"));
  EXPECT_THAT(failure("* * * foo *"), HasSubstr("JAN-DEC"));
  EXPECT_THAT(failure("* * * * 8"), HasSubstr("day-of-week field"));
  EXPECT_THAT(failure("*/0 * * * *"), HasSubstr("step from 1 to 60"));
  EXPECT_THAT(failure("*/90 * * * *"), HasSubstr("step from 1 to 60"));
  EXPECT_THAT(failure("* 22-2 * * *"), HasSubstr("split it in two"));
  EXPECT_THAT(failure("@fortnightly"), HasSubstr("@hourly"));
  for (const char* bad : {"", "* * * *", "* * * * * *", "1, * * * *", ",1 * * * *", "1--2 * * * *",
                          "-1 * * * *", "*1 * * * *", "1/ * * * *", "/2 * * * *", "1-2/3/4 * * * *",
                          "mon * * * *", "99999999999 * * * *", "\xff * * * *", "* * ? * *"}) {
    EXPECT_NE(failure(bad), "accepted") << bad;
  }
  EXPECT_NE(failure(std::string(100000, '*')), "accepted");
}

TEST(Cron, ImpossibleDatesAreRefused) {
  for (const char* bad : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 feb */2"}) {
    EXPECT_THAT(failure(bad), HasSubstr("never comes")) << bad;
  }
  // The weekday alone makes these possible.
  EXPECT_EQ(next("0 0 30 2 MON", "2026-01-01 00:00:00"), "2026-02-02 00:00");
}

TEST(Cron, EndsOfTime) {
  EXPECT_EQ(next("0 0 1 1 *", "9999-01-01 00:00:00"), "never");
  const ScheduleTimes every(CronExpression::parse("* * * * *"), {});
  EXPECT_FALSE(every.next_after(Timestamp::max()));
  EXPECT_TRUE(every.next_after(Timestamp::min()));
}

TEST(Cron, Requests) {
  for (const char* none : {"", "  ", "None", "none", "@on-demand", "@ON-DEMAND"}) {
    EXPECT_EQ(parse_schedule(none).kind, ScheduleRequest::Kind::kNone) << none;
  }
  EXPECT_EQ(parse_schedule("@once").kind, ScheduleRequest::Kind::kOnce);
  const ScheduleRequest cron = parse_schedule(" 0 * * * * ");
  EXPECT_EQ(cron.kind, ScheduleRequest::Kind::kCron);
  EXPECT_EQ(cron.cron.value().text(), "0 * * * *");
  EXPECT_THROW(parse_schedule("@twice"), Error);
}

}  // namespace
}  // namespace sluice

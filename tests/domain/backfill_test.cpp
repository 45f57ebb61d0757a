#include "domain/backfill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"
#include "support/samples.h"

namespace sluice {
namespace {

using std::chrono::hours;

std::string shown(const std::vector<Interval>& intervals) {
  std::string text;
  for (const Interval& each : intervals) {
    text += format_timestamp(each.begin).substr(5, 11) + " - " +
            format_timestamp(each.end).substr(5, 11) + "\n";
  }
  return text;
}

Interval range(const std::string& begin, const std::string& end) {
  return {*parse_timestamp(begin), *parse_timestamp(end)};
}

TEST(Backfill, Steps) {
  EXPECT_EQ(parse_step("30m"), std::chrono::minutes(30));
  EXPECT_EQ(parse_step("6h"), hours(6));
  EXPECT_EQ(parse_step("1d"), hours(24));
  EXPECT_EQ(parse_step("2w"), hours(14 * 24));
  for (const char* bad : {"", "d", "1", "0h", "-1h", "1y", "1 h", "1hh", "3661d", "99999999999w"}) {
    EXPECT_ERROR(parse_step(bad), kInvalid) << bad;
  }
}

TEST(Backfill, IntervalsOfOneLength) {
  const Interval days = range("2026-11-20 00:00:00", "2026-11-22 12:00:00");
  EXPECT_EQ(shown(intervals_of(days, hours(24), 3)),
            "11-20 00:00 - 11-21 00:00\n11-21 00:00 - 11-22 00:00\n11-22 00:00 - 11-22 12:00\n");
  const Error error = caught([&] { intervals_of(days, hours(24), 2); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), testing::HasSubstr("more than 2"));
}

TEST(Backfill, IntervalsBetweenTheTimesOfASchedule) {
  // The clocks of Berlin go back on 25 October: that local day has 25 hours.
  const ScheduleTimes midnight(CronExpression::parse("0 0 * * *"), TimeZone::find("Europe/Berlin"));
  EXPECT_EQ(shown(intervals_of(range("2026-10-24 10:00:00", "2026-10-26 06:00:00"), midnight, 9)),
            "10-24 10:00 - 10-24 22:00\n10-24 22:00 - 10-25 23:00\n10-25 23:00 - 10-26 06:00\n");
  EXPECT_ERROR(intervals_of(range("2026-10-24 10:00:00", "2026-10-26 06:00:00"), midnight, 2),
               kInvalid);
}

TEST(Backfill, ItsStatusIsThatOfItsJobs) {
  const auto status = [](BackfillFigures figures) {
    Backfill backfill;
    backfill.figures = figures;
    return std::string(backfill_status(backfill));
  };
  EXPECT_EQ(status({2, 0, 0, 0, 0}), "waiting");
  EXPECT_EQ(status({2, 1, 0, 0, 0}), "working");
  EXPECT_EQ(status({1, 0, 1, 0, 0}), "working");
  EXPECT_EQ(status({0, 0, 2, 0, 0}), "done");
  EXPECT_EQ(status({0, 0, 1, 0, 1}), "cancelled");
  EXPECT_EQ(status({0, 0, 1, 1, 1}), "error");
}

}  // namespace
}  // namespace sluice

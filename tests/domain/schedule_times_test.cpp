#include "domain/schedule_times.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using std::chrono::minutes;

Timestamp at(std::string_view text) { return parse_timestamp(text).value(); }

std::string shown(std::optional<Timestamp> time) {
  return time ? format_timestamp(*time).substr(0, 16) : "never";
}

ScheduleTimes times(std::string_view cron, std::string_view zone) {
  return {CronExpression::parse(cron), TimeZone::find(zone)};
}

/// The next runs after a moment, in UTC.
std::string runs(std::string_view cron, std::string_view zone, std::string_view after, int count) {
  std::string out;
  std::optional<Timestamp> time = at(after);
  for (; count > 0; --count) {
    time = times(cron, zone).next_after(*time);
    out += (out.empty() ? "" : ", ") + shown(time);
  }
  return out;
}

TEST(ScheduleTimes, TimesOfTheDayFollowTheClocks) {
  // Berlin: UTC+1, from 29 March 2026 01:00 UTC on UTC+2.
  EXPECT_EQ(runs("0 8 * * *", "Europe/Berlin", "2026-03-27 12:00:00", 3),
            "2026-03-28 07:00, 2026-03-29 06:00, 2026-03-30 06:00");
}

TEST(ScheduleTimes, ATimeThatIsLeftOutComesRightAfterTheGap) {
  EXPECT_EQ(runs("30 2 * * *", "Europe/Berlin", "2026-03-28 00:00:00", 3),
            "2026-03-28 01:30, 2026-03-29 01:00, 2026-03-30 00:30");
  // Several of them, and the first after them, are one run.
  EXPECT_EQ(runs("10,20 2,3 * * *", "Europe/Berlin", "2026-03-29 00:59:59", 3),
            "2026-03-29 01:00, 2026-03-29 01:10, 2026-03-29 01:20");
}

TEST(ScheduleTimes, ATimeThatComesTwiceCountsOnce) {
  EXPECT_EQ(runs("30 2 * * *", "Europe/Berlin", "2026-10-25 00:00:00", 2),
            "2026-10-25 00:30, 2026-10-26 01:30");
  EXPECT_EQ(runs("30 2 * * *", "Europe/Berlin", "2026-10-25 01:10:00", 1), "2026-10-26 01:30");
}

TEST(ScheduleTimes, EverySoOftenFollowsRealTime) {
  EXPECT_EQ(runs("30 * * * *", "Europe/Berlin", "2026-10-24 23:45:00", 4),
            "2026-10-25 00:30, 2026-10-25 01:30, 2026-10-25 02:30, 2026-10-25 03:30");
  EXPECT_EQ(runs("*/20 2 * * *", "Europe/Berlin", "2026-10-25 00:00:00", 6),
            "2026-10-25 00:20, 2026-10-25 00:40, 2026-10-25 01:00, 2026-10-25 01:20, "
            "2026-10-25 01:40, 2026-10-26 01:00");
  // The hour is left out, and so are its runs.
  EXPECT_EQ(runs("*/30 2 * * *", "Europe/Berlin", "2026-03-29 00:00:00", 1), "2026-03-30 00:00");
}

TEST(ScheduleTimes, ADayThatDoesNotExistHasNoRun) {
  EXPECT_EQ(runs("0 12 * * *", "Pacific/Apia", "2011-12-29 00:00:00", 3),
            "2011-12-29 22:00, 2011-12-30 22:00, 2011-12-31 22:00");
}

TEST(ScheduleTimes, OffsetsOfHalfHours) {
  EXPECT_EQ(runs("0 9 * * *", "Asia/Kolkata", "2026-01-01 00:00:00", 1), "2026-01-01 03:30");
  // Lord Howe puts its clocks on by half an hour.
  EXPECT_EQ(runs("15 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00:00", 2),
            "2026-10-03 15:30, 2026-10-04 15:15");
}

TEST(ScheduleTimes, TheRunBefore) {
  const Timestamp long_ago = at("2000-01-01 00:00:00");
  auto before = [&](std::string_view cron, std::string_view time) {
    return shown(times(cron, "Europe/Berlin").last_before(at(time), long_ago));
  };
  EXPECT_EQ(before("0 8 * * *", "2026-03-29 06:00:00"), "2026-03-28 07:00");
  EXPECT_EQ(before("0 8 * * *", "2026-03-29 06:00:01"), "2026-03-29 06:00");
  EXPECT_EQ(before("* * * * *", "2026-03-29 06:00:00"), "2026-03-29 05:59");
  EXPECT_EQ(before("0 0 29 2 *", "2026-03-29 06:00:00"), "2024-02-28 23:00");
  EXPECT_EQ(shown(times("0 0 29 2 *", "UTC")
                      .last_before(at("2026-01-01 00:00:00"), at("2025-01-01 00:00:00"))),
            "never");
}

TEST(ScheduleTimes, TheEarliestMayBeTheRunBefore) {
  const ScheduleTimes hourly = times("0 * * * *", "UTC");
  const Timestamp eight = at("2026-03-29 08:00:00");
  EXPECT_EQ(hourly.last_before(eight + minutes(1), eight), eight);
  EXPECT_EQ(hourly.last_before(eight + minutes(1), eight + minutes(1)), std::nullopt);
  EXPECT_EQ(hourly.last_before(eight, eight), std::nullopt);
}

TEST(ScheduleTimes, TheFutureEnds) {
  EXPECT_EQ(shown(times("0 0 1 1 *", "UTC").next_after(at("9999-06-01 00:00:00"))), "never");
  EXPECT_EQ(shown(times("* * * * *", "UTC").next_after(at("9999-12-31 23:59:00"))), "never");
}

}  // namespace
}  // namespace sluice

#include "engine/sql_moment.h"

#include <cmath>

#include "engine/function_world.h"

namespace sluice {
namespace {

std::string read_back(std::string_view text) {
  const std::optional<Moment> moment = read_moment(text);
  if (!moment) return "nothing";
  std::string out;
  append_moment(out, *moment);
  return out;
}

TEST(SqlMoment, ReadsDatesAndTimes) {
  for (const char* text : {"2026-11-23", "2026-11-23 08:30:00", "2026-11-23 08:30:00.250",
                           "0001-01-01", "9999-12-31 23:59:59.999999"}) {
    EXPECT_EQ(read_back(text), text);
  }
  EXPECT_EQ(read_back("2026-11-23T08:30"), "2026-11-23 08:30:00");
  EXPECT_EQ(read_back("2026-11-23T08:30:00Z"), "2026-11-23 08:30:00");
  EXPECT_EQ(read_back("2026-11-23 08:30:00+02:00"), "2026-11-23 06:30:00");
  EXPECT_EQ(read_back("2026-11-23 23:30:00.5-0130"), "2026-11-24 01:00:00.5");
  EXPECT_EQ(read_back("2026-11-23 08:30:00.123456789"), "2026-11-23 08:30:00.123456000");
}

TEST(SqlMoment, NothingElse) {
  for (const char* text :
       {"", "2026", "2026-11", "2026-13-01", "2026-02-29", "2026-11-23 ", "2026-11-23 08",
        "2026-11-23 24:00:00", "2026-11-23 08:60:00", "2026-11-23 08:30:60", "2026-11-23 08:30:00.",
        "2026-11-23 08:30:00.1234567890", "2026-11-23 08:30:00x", "2026-11-23Z", "0000-01-01",
        "0001-01-01 00:00:00+01:00", "9999-12-31 23:59:59-01:00", "-026-11-23",
        "2026-11-23 8:30"}) {
    EXPECT_EQ(read_back(text), "nothing") << text;
  }
}

TEST(SqlMoment, NumbersAreSeconds) {
  EXPECT_EQ(moment_of_seconds(1.5, 6)->time, Timestamp(std::chrono::microseconds(1'500'000)));
  EXPECT_EQ(moment_of_seconds(-0.25, 6)->time, Timestamp(std::chrono::microseconds(-250'000)));
  EXPECT_FALSE(moment_of_seconds(1e12, 0));
  EXPECT_FALSE(moment_of_seconds(HUGE_VAL, 0));
}

TEST(SqlMoment, ZonesThereAndBack) {
  const TimeZone berlin = TimeZone::find("Europe/Berlin");
  const Moment utc = *read_moment("2026-07-01 12:00:00");
  const Moment local = to_local(utc, berlin);
  EXPECT_EQ(local.time - utc.time, std::chrono::hours(2));
  EXPECT_EQ(from_local(local.time, berlin), utc.time);
  const Moment day = *read_moment("2026-07-01");
  EXPECT_EQ(to_local(day, berlin).time, day.time);
}

TEST(SqlMoment, UnitsByTheirNames) {
  EXPECT_EQ(read_time_unit("Days"), TimeUnit::kDay);
  EXPECT_EQ(read_time_unit(" mm "), TimeUnit::kMonth);
  EXPECT_EQ(read_time_unit("n"), TimeUnit::kMinute);
  EXPECT_EQ(read_time_unit("ss"), TimeUnit::kSecond);
  EXPECT_FALSE(read_time_unit("fortnight"));
}

TEST(SqlMoment, FloorsToSteps) {
  EXPECT_EQ(floor_to(7, 5), 5);
  EXPECT_EQ(floor_to(-7, 5), -10);
  EXPECT_EQ(floor_to(-10, 5), -10);
}

}  // namespace
}  // namespace sluice

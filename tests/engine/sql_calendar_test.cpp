#include "engine/sql_calendar.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

Timestamp day(int y, unsigned m, unsigned d) {
  return sys_days(year(y) / std::chrono::month(m) / std::chrono::day(d));
}

TEST(SqlCalendar, EveryUnitBeginsWhereItsNumberSays) {
  const std::vector<TimeUnit> units = {
      TimeUnit::kMicrosecond, TimeUnit::kMillisecond, TimeUnit::kSecond, TimeUnit::kMinute,
      TimeUnit::kHour,        TimeUnit::kDay,         TimeUnit::kWeek,   TimeUnit::kMonth,
      TimeUnit::kQuarter,     TimeUnit::kYear};
  const auto times = {day(1, 1, 8),    day(1600, 2, 29), day(1969, 12, 31),
                      day(1970, 1, 1), day(2024, 2, 29), day(9999, 12, 24)};
  for (const TimeUnit unit : units) {
    for (const Timestamp time : times) {
      const Timestamp at = time + std::chrono::microseconds(3'723'456'789);
      const int64_t index = unit_index(at, unit);
      EXPECT_LE(unit_begin(index, unit), at);
      EXPECT_GT(unit_begin(index + 1, unit), at);
      EXPECT_EQ(unit_index(unit_begin(index, unit), unit), index);
    }
  }
}

TEST(SqlCalendar, WeeksByEveryMode) {
  // 2024-01-01 was a Monday, 2023-01-01 a Sunday.
  const std::vector<int> monday = {0, 1, 53, 1, 1, 1, 1, 1, 1, 1};
  const std::vector<int> sunday = {1, 0, 1, 52, 1, 0, 1, 52, 1, 1};
  for (int mode = 0; mode < 10; ++mode) {
    const auto at = static_cast<size_t>(mode);
    EXPECT_EQ(week_of(day(2024, 1, 1), WeekMode(mode)).week, monday[at]) << mode;
    EXPECT_EQ(week_of(day(2023, 1, 1), WeekMode(mode)).week, sunday[at]) << mode;
  }
}

TEST(SqlCalendar, IsoWeeksBelongToTheYearOfTheirThursday) {
  const YearWeek last = week_of(day(2024, 12, 31), WeekMode(3));
  EXPECT_EQ(last.year, 2025);
  EXPECT_EQ(last.week, 1);
  EXPECT_EQ(week_of(day(2021, 1, 3), WeekMode(3)).week, 53);
}

TEST(SqlCalendar, DaysOfWeekAndYear) {
  EXPECT_EQ(weekday_of(day(2024, 1, 7)), 7);
  EXPECT_EQ(day_of_year(day(2024, 12, 31)), 366);
  EXPECT_EQ(week_begin(day(2024, 1, 7), true), Timestamp(day(2024, 1, 1)));
  EXPECT_EQ(week_begin(day(2024, 1, 7), false), Timestamp(day(2024, 1, 7)));
}

}  // namespace
}  // namespace sluice

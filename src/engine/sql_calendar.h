#pragma once

#include <chrono>
#include <cstdint>

#include "engine/sql_moment.h"

namespace sluice {

/// Which of its units a time lies in, counted without gaps: days, hours and less since 1970, weeks
/// since Monday 1970-01-05, months and quarters since 1900, years by their number.
int64_t unit_index(Timestamp time, TimeUnit unit);
/// The same for times of users: a nanosecond's number has 64 bits only from 1678 to 2262. Throws
/// what `call` says.
int64_t checked_unit_index(const SqlCall& call, Timestamp time, TimeUnit unit);
/// Where a unit of that number begins.
Timestamp unit_begin(int64_t index, TimeUnit unit);

/// The time or date moved by `count` units, on the same day of the month or its last one. Less than
/// a day makes a time of a date. Throws what `call` says where no year would hold it.
Moment moved(const SqlCall& call, const Moment& from, int64_t count, TimeUnit unit);

/// How weeks are counted: the modes 0 to 9 of ClickHouse's toWeek.
struct WeekMode {
  explicit WeekMode(int64_t mode);
  bool monday_first = false;
  /// The days before week 1 are of the last week of the year before, not of a week 0.
  bool no_week_zero = false;
  enum class First { kFourDays, kFullWeek, kNewYearsDay } first = First::kFullWeek;
};
struct YearWeek {
  int year = 0;
  int week = 0;
};
YearWeek week_of(Timestamp time, const WeekMode& mode);
/// The day its week begins with.
Timestamp week_begin(Timestamp time, bool monday_first);

std::chrono::year_month_day date_of(Timestamp time);
/// 1 is Monday, 7 is Sunday.
int weekday_of(Timestamp time);
int day_of_year(Timestamp time);

}  // namespace sluice

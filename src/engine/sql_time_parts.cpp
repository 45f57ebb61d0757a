#include <array>

#include "engine/sql_calendar.h"
#include "engine/sql_functions.h"
#include "engine/sql_moment.h"

namespace sluice {
namespace {

int64_t year_of(Timestamp time) { return static_cast<int>(date_of(time).year()); }
int64_t month_of(Timestamp time) { return static_cast<unsigned>(date_of(time).month()); }
int64_t day_of(Timestamp time) { return static_cast<unsigned>(date_of(time).day()); }
int64_t micros_of_day(Timestamp time) {
  return (time - std::chrono::floor<std::chrono::days>(time)).count();
}
int64_t hour_of(Timestamp time) { return micros_of_day(time) / 3'600'000'000; }
int64_t minute_of(Timestamp time) { return micros_of_day(time) / 60'000'000 % 60; }
int64_t second_of(Timestamp time) { return micros_of_day(time) / 1'000'000 % 60; }

int64_t quarter_of(Timestamp time) { return (month_of(time) + 2) / 3; }
int64_t millisecond_of(Timestamp time) { return micros_of_day(time) / 1000 % 1000; }
int64_t microsecond_of(Timestamp time) { return micros_of_day(time) % 1'000'000; }
int64_t year_day_of(Timestamp time) { return day_of_year(time); }
int64_t iso_week_of(Timestamp time) { return week_of(time, WeekMode(3)).week; }
int64_t iso_year_of(Timestamp time) { return week_of(time, WeekMode(3)).year; }
int64_t year_month(Timestamp time) { return year_of(time) * 100 + month_of(time); }
int64_t year_month_date(Timestamp time) { return year_month(time) * 100 + day_of(time); }
int64_t all_digits(Timestamp time) {
  return year_month_date(time) * 1'000'000 + hour_of(time) * 10'000 + minute_of(time) * 100 +
         second_of(time);
}

template <int64_t (*kPart)(Timestamp)>
void part(const SqlCall& call) {
  call.give(kPart(local_argument(call, 0, call.zone(1)).time));
}

void to_day_of_week(const SqlCall& call) {
  const int64_t mode = call.size() > 1 ? call.integer(1, 0, 3) : 0;
  const int64_t weekday = weekday_of(local_argument(call, 0, call.zone(2)).time);
  switch (mode) {
    case 0:
      return call.give(weekday);
    case 1:
      return call.give(weekday - 1);
    case 2:
      return call.give(weekday % 7);
    default:
      return call.give(weekday % 7 + 1);
  }
}

WeekMode mode_argument(const SqlCall& call) {
  return WeekMode(call.size() > 1 ? call.integer(1, 0, 9) : 0);
}

void to_week(const SqlCall& call) {
  const WeekMode mode = mode_argument(call);
  call.give(static_cast<int64_t>(week_of(local_argument(call, 0, call.zone(2)).time, mode).week));
}

void to_year_week(const SqlCall& call) {
  WeekMode mode = mode_argument(call);
  mode.no_week_zero = true;
  const YearWeek week = week_of(local_argument(call, 0, call.zone(2)).time, mode);
  call.give(static_cast<int64_t>(week.year) * 100 + week.week);
}

/// A text is read as the clocks of the zone show it, which is what ClickHouse does with a String.
void to_unix_timestamp(const SqlCall& call) {
  const Moment moment = moment_argument(call, 0);
  const TimeZone* const zone = call.zone(1);
  const bool is_text = !call.is_number(0);
  const Timestamp time = zone != nullptr && is_text ? from_local(moment.time, *zone) : moment.time;
  call.give(unit_index(time, TimeUnit::kSecond));
}

template <TimeUnit kUnit>
void to_unix64(const SqlCall& call) {
  call.give(checked_unit_index(call, moment_argument(call, 0).time, kUnit));
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"toYear(time[, zone])", 1, 2, part<year_of>},
    {"year(time[, zone])", 1, 2, part<year_of>},
    {"toQuarter(time[, zone])", 1, 2, part<quarter_of>},
    {"quarter(time[, zone])", 1, 2, part<quarter_of>},
    {"toMonth(time[, zone])", 1, 2, part<month_of>},
    {"month(time[, zone])", 1, 2, part<month_of>},
    {"toDayOfYear(time[, zone])", 1, 2, part<year_day_of>},
    {"dayOfYear(time[, zone])", 1, 2, part<year_day_of>},
    {"toDayOfMonth(time[, zone])", 1, 2, part<day_of>},
    {"dayOfMonth(time[, zone])", 1, 2, part<day_of>},
    {"day(time[, zone])", 1, 2, part<day_of>},
    {"toDayOfWeek(time[, mode[, zone]])", 1, 3, to_day_of_week},
    {"dayOfWeek(time[, mode[, zone]])", 1, 3, to_day_of_week},
    {"toHour(time[, zone])", 1, 2, part<hour_of>},
    {"hour(time[, zone])", 1, 2, part<hour_of>},
    {"toMinute(time[, zone])", 1, 2, part<minute_of>},
    {"minute(time[, zone])", 1, 2, part<minute_of>},
    {"toSecond(time[, zone])", 1, 2, part<second_of>},
    {"second(time[, zone])", 1, 2, part<second_of>},
    {"toMillisecond(time[, zone])", 1, 2, part<millisecond_of>},
    {"toMicrosecond(time[, zone])", 1, 2, part<microsecond_of>},
    {"toWeek(time[, mode[, zone]])", 1, 3, to_week},
    {"week(time[, mode[, zone]])", 1, 3, to_week},
    {"toYearWeek(time[, mode[, zone]])", 1, 3, to_year_week},
    {"yearWeek(time[, mode[, zone]])", 1, 3, to_year_week},
    {"toISOWeek(time[, zone])", 1, 2, part<iso_week_of>},
    {"toISOYear(time[, zone])", 1, 2, part<iso_year_of>},
    {"toYYYYMM(time[, zone])", 1, 2, part<year_month>},
    {"toYYYYMMDD(time[, zone])", 1, 2, part<year_month_date>},
    {"toYYYYMMDDhhmmss(time[, zone])", 1, 2, part<all_digits>},
    {"toUnixTimestamp(time[, zone])", 1, 2, to_unix_timestamp},
    {"toUnixTimestamp64Second(time)", 1, 1, to_unix64<TimeUnit::kSecond>},
    {"toUnixTimestamp64Milli(time)", 1, 1, to_unix64<TimeUnit::kMillisecond>},
    {"toUnixTimestamp64Micro(time)", 1, 1, to_unix64<TimeUnit::kMicrosecond>},
    {"toUnixTimestamp64Nano(time)", 1, 1, to_unix64<TimeUnit::kNanosecond>},
});

}  // namespace

std::span<const SqlFunction> time_part_functions() { return kTable; }

}  // namespace sluice

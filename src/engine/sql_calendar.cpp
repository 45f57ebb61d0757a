#include "engine/sql_calendar.h"

#include <algorithm>

namespace sluice {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int64_t kDayMicros = 86'400'000'000;
constexpr int64_t kWeekMicros = 7 * kDayMicros;
/// Monday 1970-01-05.
constexpr int64_t kFirstMonday = 4 * kDayMicros;
constexpr int kMonthsFrom = 1900;
constexpr int64_t kMonthsPerYear = 12;

/// Of those that are always as long.
int64_t micros_of(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
      return 1;
    case TimeUnit::kMillisecond:
      return 1000;
    case TimeUnit::kSecond:
      return 1'000'000;
    case TimeUnit::kMinute:
      return 60'000'000;
    case TimeUnit::kHour:
      return 3'600'000'000;
    case TimeUnit::kWeek:
      return kWeekMicros;
    default:
      return kDayMicros;
  }
}

int64_t months_of(TimeUnit unit) {
  return unit == TimeUnit::kYear ? kMonthsPerYear : unit == TimeUnit::kQuarter ? 3 : 1;
}

int64_t divided(int64_t value, int64_t by) { return floor_to(value, by) / by; }

int64_t month_index(const year_month_day& date) {
  return (static_cast<int>(date.year()) - kMonthsFrom) * kMonthsPerYear +
         static_cast<unsigned>(date.month()) - 1;
}

std::chrono::year_month month_at(int64_t index) {
  const int64_t in_year = index - floor_to(index, kMonthsPerYear);
  return year(static_cast<int>(divided(index, kMonthsPerYear)) + kMonthsFrom) /
         std::chrono::month(static_cast<unsigned>(in_year) + 1);
}

Timestamp first_week_of(int in_year, const WeekMode& mode) {
  const Timestamp new_year = sys_days(year(in_year) / 1 / 1);
  const Timestamp begin = week_begin(new_year, mode.monday_first);
  const int64_t days_before = (new_year - begin).count() / kDayMicros;
  const bool is_first = mode.first == WeekMode::First::kNewYearsDay || days_before == 0 ||
                        (mode.first == WeekMode::First::kFourDays && days_before <= 3);
  return is_first ? begin : begin + days(7);
}

}  // namespace

int64_t unit_index(Timestamp time, TimeUnit unit) {
  const int64_t micros = time.time_since_epoch().count();
  if (unit == TimeUnit::kNanosecond) return micros * 1000;
  if (unit < TimeUnit::kWeek) return divided(micros, micros_of(unit));
  if (unit == TimeUnit::kWeek) return divided(micros - kFirstMonday, kWeekMicros);
  const year_month_day date = date_of(time);
  if (unit == TimeUnit::kYear) return static_cast<int>(date.year());
  return divided(month_index(date), months_of(unit));
}

int64_t checked_unit_index(const SqlCall& call, Timestamp time, TimeUnit unit) {
  constexpr int64_t kMost = INT64_MAX / 1000 - 1;
  const int64_t micros = time.time_since_epoch().count();
  if (unit == TimeUnit::kNanosecond && (micros > kMost || micros < -kMost)) {
    throw call.failed("nanoseconds are counted from the year 1678 to 2262");
  }
  return unit_index(time, unit);
}

Timestamp unit_begin(int64_t index, TimeUnit unit) {
  if (unit == TimeUnit::kNanosecond) return Timestamp(microseconds(divided(index, 1000)));
  if (unit < TimeUnit::kWeek) return Timestamp(microseconds(index * micros_of(unit)));
  if (unit == TimeUnit::kWeek) return Timestamp(microseconds(index * kWeekMicros + kFirstMonday));
  if (unit == TimeUnit::kYear) return sys_days(year(static_cast<int>(index)) / 1 / 1);
  return sys_days(month_at(index * months_of(unit)) / 1);
}

Moment moved(const SqlCall& call, const Moment& from, int64_t count, TimeUnit unit) {
  // So many microseconds are more than the calendar has; fewer of the larger units, too.
  constexpr int64_t kMost = 400'000'000'000'000'000;
  const auto too_far = [&] { return call.failed("the result is not in the years 1 to 9999"); };
  Moment to = from;
  if (unit >= TimeUnit::kMonth) {
    if (count > kMost / kDayMicros || count < -kMost / kDayMicros) throw too_far();
    const year_month_day date = date_of(from.time);
    const int64_t index = month_index(date) + count * months_of(unit);
    const int64_t in_year = divided(index, kMonthsPerYear) + kMonthsFrom;
    if (in_year < 1 || in_year > 9999) throw too_far();
    const auto month = month_at(index);
    const auto last = (month / std::chrono::last).day();
    const Timestamp day = sys_days(month / std::min(date.day(), last));
    to.time = day + (from.time - floor<days>(from.time));
    return to;
  }
  if (unit == TimeUnit::kNanosecond) count = divided(count, 1000);
  const int64_t micros = micros_of(unit);
  if (count > kMost / micros || count < -kMost / micros) throw too_far();
  to.time += microseconds(count * micros);
  if (!in_calendar(to.time)) throw too_far();
  if (unit < TimeUnit::kDay) to.has_time = true;
  if (unit < TimeUnit::kSecond)
    to.digits = std::max(to.digits, unit == TimeUnit::kMillisecond   ? 3
                                    : unit == TimeUnit::kMicrosecond ? 6
                                                                     : 9);
  return to;
}

WeekMode::WeekMode(int64_t mode)
    : monday_first(mode % 2 == 1),
      no_week_zero(mode >= 8 || mode == 2 || mode == 3 || mode == 6 || mode == 7) {
  const bool four = mode == 1 || mode == 3 || mode == 4 || mode == 6;
  first = mode >= 8 ? First::kNewYearsDay : four ? First::kFourDays : First::kFullWeek;
}

YearWeek week_of(Timestamp time, const WeekMode& mode) {
  int in_year = static_cast<int>(date_of(time).year());
  const auto whole_weeks = [&](Timestamp since) {
    return static_cast<int>((floor<days>(time) - since).count() / kWeekMicros);
  };
  if (time < first_week_of(in_year, mode)) {
    if (!mode.no_week_zero) return {in_year, 0};
    --in_year;
  } else if (mode.no_week_zero && time >= first_week_of(in_year + 1, mode)) {
    ++in_year;
  }
  return {in_year, whole_weeks(first_week_of(in_year, mode)) + 1};
}

Timestamp week_begin(Timestamp time, bool monday_first) {
  const sys_days day = floor<days>(time);
  const int weekday = weekday_of(time);
  return day - days(monday_first ? weekday - 1 : weekday % 7);
}

year_month_day date_of(Timestamp time) { return year_month_day(floor<days>(time)); }

int weekday_of(Timestamp time) {
  return static_cast<int>(std::chrono::weekday(floor<days>(time)).iso_encoding());
}

int day_of_year(Timestamp time) {
  const sys_days day = floor<days>(time);
  return static_cast<int>((day - sys_days(year_month_day(day).year() / 1 / 1)).count()) + 1;
}

}  // namespace sluice

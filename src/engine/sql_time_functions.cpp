#include <algorithm>
#include <array>
#include <cmath>

#include "engine/sql_calendar.h"
#include "engine/sql_functions.h"
#include "engine/sql_moment.h"

namespace sluice {
namespace {

/// What ClickHouse's ...OrZero functions give.
constexpr Moment kZeroDate{Timestamp(), false, 0};
constexpr Moment kZeroTime{Timestamp(), true, 0};
/// A number up to here is a date's number of days since 1970 to toDate, as in ClickHouse.
constexpr int64_t kMostDays = 65535;
constexpr int kMostDigits = 9;

Moment here(const Moment& moment, const TimeZone* zone) {
  return zone == nullptr ? moment : to_local(moment, *zone);
}

std::optional<Moment> read_any(const SqlCall& call, size_t i) {
  if (call.is_number(i)) return moment_of_seconds(call.real(i), 6);
  const std::string_view text = call.text(i);
  const bool digits = !text.empty() && text.size() <= 10 &&
                      text.find_first_not_of("0123456789") == std::string_view::npos;
  if (digits) return moment_of_seconds(call.real(i), 0);
  return read_moment(text);
}

std::optional<Moment> to_date(const SqlCall& call) {
  const TimeZone* const zone = call.zone(1);
  if (call.is_number(0) && std::abs(call.real(0)) <= static_cast<double>(kMostDays)) {
    return Moment{Timestamp(std::chrono::days(call.integer(0))), false, 0};
  }
  std::optional<Moment> moment = call.is_number(0) ? read_any(call, 0) : read_moment(call.text(0));
  if (!moment) return std::nullopt;
  const Timestamp local = here(*moment, zone).time;
  return Moment{std::chrono::floor<std::chrono::days>(local), false, 0};
}

std::optional<Moment> to_date_time(const SqlCall& call) {
  const TimeZone* const zone = call.zone(1);
  std::optional<Moment> moment = read_any(call, 0);
  if (!moment) return std::nullopt;
  moment->has_time = true;
  moment->digits = 0;
  return here(*moment, zone);
}

std::optional<Moment> to_date_time64(const SqlCall& call) {
  const int64_t digits = call.size() > 1 ? call.integer(1, 0, kMostDigits) : 3;
  const TimeZone* const zone = call.zone(2);
  std::optional<Moment> moment = read_any(call, 0);
  if (!moment) return std::nullopt;
  moment->has_time = true;
  moment->digits = static_cast<int>(digits);
  return here(*moment, zone);
}

using Reader = std::optional<Moment> (*)(const SqlCall& call);

template <Reader kRead>
void strict(const SqlCall& call) {
  const std::optional<Moment> moment = kRead(call);
  if (!moment) {
    throw call.wrong(0, "is no date or time; write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS");
  }
  give_moment(call, *moment);
}

template <Reader kRead>
void or_null(const SqlCall& call) {
  const std::optional<Moment> moment = kRead(call);
  if (!moment) return call.give_null();
  give_moment(call, *moment);
}

template <Reader kRead, const Moment& kZero>
void or_zero(const SqlCall& call) {
  give_moment(call, kRead(call).value_or(kZero));
}

void now(const SqlCall& call) {
  give_moment(call, here({call.world().moment(), true, 0}, call.zone(0)));
}

void now64(const SqlCall& call) {
  const int64_t digits = call.size() > 0 ? call.integer(0, 0, kMostDigits) : 3;
  give_moment(call, here({call.world().moment(), true, static_cast<int>(digits)}, call.zone(1)));
}

template <int kDaysAgo>
void today(const SqlCall& call) {
  const Timestamp local = here({call.world().moment(), true, 0}, call.zone(0)).time;
  give_moment(
      call, {std::chrono::floor<std::chrono::days>(local) - std::chrono::days(kDaysAgo), false, 0});
}

void to_time_zone(const SqlCall& call) { give_moment(call, local_argument(call, 0, call.zone(1))); }

/// The beginning of the stretch of `step` units that a time lies in, as the clocks of `zone` show
/// it. Hours are counted from midnight, minutes and less from 1970 (so does ClickHouse).
Moment start_of(const SqlCall& call, const Moment& moment, TimeUnit unit, int64_t step,
                const TimeZone* zone) {
  Moment start = moment;
  start.has_time = unit < TimeUnit::kWeek;
  start.digits = unit == TimeUnit::kMillisecond   ? 3
                 : unit == TimeUnit::kMicrosecond ? 6
                 : unit == TimeUnit::kNanosecond  ? 9
                                                  : 0;
  const auto begin = [&](Timestamp time) {
    return unit_begin(floor_to(checked_unit_index(call, time, unit), step), unit);
  };
  if (unit < TimeUnit::kHour) {
    start.time = begin(moment.time);
    start.has_time = moment.has_time;
    start = here(start, zone);
    start.has_time = true;
    return start;
  }
  const Timestamp local = here(moment, zone).time;
  if (unit == TimeUnit::kHour) {
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    const int64_t hours = unit_index(local, unit) - unit_index(midnight, unit);
    start.time = midnight + std::chrono::hours(floor_to(hours, step));
  } else {
    start.time = begin(local);
  }
  return start;
}

template <TimeUnit kUnit, int kStep = 1>
void to_start_of(const SqlCall& call) {
  give_moment(call, start_of(call, moment_argument(call, 0), kUnit, kStep, call.zone(1)));
}

void to_start_of_second(const SqlCall& call) {
  const Moment moment = moment_argument(call, 0);
  Moment start = start_of(call, moment, TimeUnit::kSecond, 1, call.zone(1));
  start.digits = moment.digits;
  give_moment(call, start);
}

void to_start_of_week(const SqlCall& call) {
  const WeekMode mode(call.size() > 1 ? call.integer(1, 0, 9) : 0);
  const Moment local = local_argument(call, 0, call.zone(2));
  give_moment(call, {week_begin(local.time, mode.monday_first), false, 0});
}

void to_last_day_of_week(const SqlCall& call) {
  const WeekMode mode(call.size() > 1 ? call.integer(1, 0, 9) : 0);
  const Moment local = local_argument(call, 0, call.zone(2));
  give_moment(call, {week_begin(local.time, mode.monday_first) + std::chrono::days(6), false, 0});
}

void to_monday(const SqlCall& call) {
  give_moment(call, {week_begin(local_argument(call, 0, call.zone(1)).time, true), false, 0});
}

void to_start_of_iso_year(const SqlCall& call) {
  const Timestamp local = local_argument(call, 0, call.zone(1)).time;
  const YearWeek week = week_of(local, WeekMode(3));
  give_moment(call, {week_begin(local, true) - std::chrono::days(7 * (week.week - 1)), false, 0});
}

void to_last_day_of_month(const SqlCall& call) {
  const auto date = date_of(local_argument(call, 0, call.zone(1)).time);
  const auto last = date.year() / date.month() / std::chrono::last;
  give_moment(call, {std::chrono::sys_days(last), false, 0});
}

void to_start_of_interval(const SqlCall& call) {
  constexpr int64_t kMostUnits = 1'000'000'000;
  const Moment moment = moment_argument(call, 0);
  const int64_t step = call.integer(1, 1, kMostUnits);
  give_moment(call, start_of(call, moment, unit_argument(call, 2), step, call.zone(3)));
}

void date_trunc(const SqlCall& call) {
  const TimeUnit unit = unit_argument(call, 0);
  give_moment(call, start_of(call, moment_argument(call, 1), unit, 1, call.zone(2)));
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"now([zone])", 0, 1, now},
    {"now64([digits[, zone]])", 0, 2, now64},
    {"today([zone])", 0, 1, today<0>},
    {"yesterday([zone])", 0, 1, today<1>},
    {"toDate(value[, zone])", 1, 2, strict<to_date>},
    {"toDateOrNull(value[, zone])", 1, 2, or_null<to_date>},
    {"toDateOrZero(value[, zone])", 1, 2, or_zero<to_date, kZeroDate>},
    {"toDate32(value[, zone])", 1, 2, strict<to_date>},
    {"toDateTime(value[, zone])", 1, 2, strict<to_date_time>},
    {"toDateTimeOrNull(value[, zone])", 1, 2, or_null<to_date_time>},
    {"toDateTimeOrZero(value[, zone])", 1, 2, or_zero<to_date_time, kZeroTime>},
    {"toDateTime64(value[, digits[, zone]])", 1, 3, strict<to_date_time64>},
    {"toDateTime64OrNull(value[, digits[, zone]])", 1, 3, or_null<to_date_time64>},
    {"toTimeZone(time, zone)", 2, 2, to_time_zone},
    {"toStartOfNanosecond(time[, zone])", 1, 2, to_start_of<TimeUnit::kNanosecond>},
    {"toStartOfMicrosecond(time[, zone])", 1, 2, to_start_of<TimeUnit::kMicrosecond>},
    {"toStartOfMillisecond(time[, zone])", 1, 2, to_start_of<TimeUnit::kMillisecond>},
    {"toStartOfSecond(time[, zone])", 1, 2, to_start_of_second},
    {"toStartOfMinute(time[, zone])", 1, 2, to_start_of<TimeUnit::kMinute>},
    {"toStartOfFiveMinutes(time[, zone])", 1, 2, to_start_of<TimeUnit::kMinute, 5>},
    {"toStartOfFiveMinute(time[, zone])", 1, 2, to_start_of<TimeUnit::kMinute, 5>},
    {"toStartOfTenMinutes(time[, zone])", 1, 2, to_start_of<TimeUnit::kMinute, 10>},
    {"toStartOfFifteenMinutes(time[, zone])", 1, 2, to_start_of<TimeUnit::kMinute, 15>},
    {"timeSlot(time[, zone])", 1, 2, to_start_of<TimeUnit::kMinute, 30>},
    {"toStartOfHour(time[, zone])", 1, 2, to_start_of<TimeUnit::kHour>},
    {"toStartOfDay(time[, zone])", 1, 2, to_start_of<TimeUnit::kDay>},
    {"toStartOfWeek(time[, mode[, zone]])", 1, 3, to_start_of_week},
    {"toMonday(time[, zone])", 1, 2, to_monday},
    {"toLastDayOfWeek(time[, mode[, zone]])", 1, 3, to_last_day_of_week},
    {"toStartOfMonth(time[, zone])", 1, 2, to_start_of<TimeUnit::kMonth>},
    {"toLastDayOfMonth(time[, zone])", 1, 2, to_last_day_of_month},
    {"toStartOfQuarter(time[, zone])", 1, 2, to_start_of<TimeUnit::kQuarter>},
    {"toStartOfYear(time[, zone])", 1, 2, to_start_of<TimeUnit::kYear>},
    {"toStartOfISOYear(time[, zone])", 1, 2, to_start_of_iso_year},
    {"toStartOfInterval(time, count, unit[, zone])", 3, 4, to_start_of_interval},
    {"dateTrunc(unit, time[, zone])", 2, 3, date_trunc},
    {"date_trunc(unit, time[, zone])", 2, 3, date_trunc},
});

}  // namespace

std::span<const SqlFunction> time_functions() { return kTable; }

}  // namespace sluice

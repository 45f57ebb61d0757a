#include <algorithm>
#include <array>

#include "engine/sql_calendar.h"
#include "engine/sql_functions.h"
#include "engine/sql_moment.h"

namespace sluice {
namespace {

constexpr int64_t kForward = 1;
constexpr int64_t kBack = -1;

int64_t count_argument(const SqlCall& call, size_t i) {
  // Can be negated; more than any unit allows.
  return call.integer(i, -INT64_MAX, INT64_MAX);
}

template <TimeUnit kUnit, int64_t kSign>
void move_by(const SqlCall& call) {
  give_moment(call, moved(call, moment_argument(call, 0), kSign * count_argument(call, 1), kUnit));
}

template <int64_t kSign>
void date_add(const SqlCall& call) {
  const TimeUnit unit = unit_argument(call, 0);
  const Moment from = moment_argument(call, 2);
  give_moment(call, moved(call, from, kSign * count_argument(call, 1), unit));
}

/// The times of a difference. Days and more are those of the zone's clocks; hours and less pass
/// alike when clocks are put forward, but begin where the zone's hours do.
Timestamp counted(const SqlCall& call, size_t i, TimeUnit unit) {
  const TimeZone* const zone = call.zone(3);
  if (zone == nullptr || unit >= TimeUnit::kDay) return local_argument(call, i, zone).time;
  const Timestamp time = moment_argument(call, i).time;
  return time + zone->period_at(time).offset % std::chrono::hours(1);
}

/// How many beginnings of a unit lie between the two.
void date_diff(const SqlCall& call) {
  const TimeUnit unit = unit_argument(call, 0);
  const Timestamp from = counted(call, 1, unit);
  const Timestamp to = counted(call, 2, unit);
  int64_t count = 0;
  if (__builtin_sub_overflow(checked_unit_index(call, to, unit),
                             checked_unit_index(call, from, unit), &count)) {
    throw call.failed("so many nanoseconds have no 64-bit number");
  }
  call.give(count);
}

/// How many whole units lie between the two.
int64_t whole_units(const SqlCall& call, Timestamp from, Timestamp to, TimeUnit unit) {
  if (to < from) return -whole_units(call, to, from, unit);
  if (unit == TimeUnit::kWeek) return (to - from) / std::chrono::days(7);
  if (unit < TimeUnit::kWeek) {
    const Timestamp zero;
    return checked_unit_index(call, zero + (to - from), unit);
  }
  const int64_t months = unit_index(to, TimeUnit::kMonth) - unit_index(from, TimeUnit::kMonth);
  const auto within = [](Timestamp time) {
    return time - unit_begin(unit_index(time, TimeUnit::kMonth), TimeUnit::kMonth);
  };
  const int64_t whole = months - (within(to) < within(from) ? 1 : 0);
  return unit == TimeUnit::kMonth ? whole : unit == TimeUnit::kQuarter ? whole / 3 : whole / 12;
}

void age(const SqlCall& call) {
  const TimeUnit unit = unit_argument(call, 0);
  const Timestamp from = counted(call, 1, unit);
  const Timestamp to = counted(call, 2, unit);
  call.give(whole_units(call, from, to, unit));
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"addYears(time, count)", 2, 2, move_by<TimeUnit::kYear, kForward>},
    {"addQuarters(time, count)", 2, 2, move_by<TimeUnit::kQuarter, kForward>},
    {"addMonths(time, count)", 2, 2, move_by<TimeUnit::kMonth, kForward>},
    {"addWeeks(time, count)", 2, 2, move_by<TimeUnit::kWeek, kForward>},
    {"addDays(time, count)", 2, 2, move_by<TimeUnit::kDay, kForward>},
    {"addHours(time, count)", 2, 2, move_by<TimeUnit::kHour, kForward>},
    {"addMinutes(time, count)", 2, 2, move_by<TimeUnit::kMinute, kForward>},
    {"addSeconds(time, count)", 2, 2, move_by<TimeUnit::kSecond, kForward>},
    {"addMilliseconds(time, count)", 2, 2, move_by<TimeUnit::kMillisecond, kForward>},
    {"addMicroseconds(time, count)", 2, 2, move_by<TimeUnit::kMicrosecond, kForward>},
    {"subtractYears(time, count)", 2, 2, move_by<TimeUnit::kYear, kBack>},
    {"subtractQuarters(time, count)", 2, 2, move_by<TimeUnit::kQuarter, kBack>},
    {"subtractMonths(time, count)", 2, 2, move_by<TimeUnit::kMonth, kBack>},
    {"subtractWeeks(time, count)", 2, 2, move_by<TimeUnit::kWeek, kBack>},
    {"subtractDays(time, count)", 2, 2, move_by<TimeUnit::kDay, kBack>},
    {"subtractHours(time, count)", 2, 2, move_by<TimeUnit::kHour, kBack>},
    {"subtractMinutes(time, count)", 2, 2, move_by<TimeUnit::kMinute, kBack>},
    {"subtractSeconds(time, count)", 2, 2, move_by<TimeUnit::kSecond, kBack>},
    {"subtractMilliseconds(time, count)", 2, 2, move_by<TimeUnit::kMillisecond, kBack>},
    {"subtractMicroseconds(time, count)", 2, 2, move_by<TimeUnit::kMicrosecond, kBack>},
    {"dateAdd(unit, count, time)", 3, 3, date_add<kForward>},
    {"date_add(unit, count, time)", 3, 3, date_add<kForward>},
    {"timestampAdd(unit, count, time)", 3, 3, date_add<kForward>},
    {"dateSub(unit, count, time)", 3, 3, date_add<kBack>},
    {"date_sub(unit, count, time)", 3, 3, date_add<kBack>},
    {"timestampSub(unit, count, time)", 3, 3, date_add<kBack>},
    {"dateDiff(unit, from, to[, zone])", 3, 4, date_diff},
    {"date_diff(unit, from, to[, zone])", 3, 4, date_diff},
    {"timestampDiff(unit, from, to[, zone])", 3, 4, date_diff},
    {"age(unit, from, to[, zone])", 3, 4, age},
});

}  // namespace

std::span<const SqlFunction> time_arithmetic_functions() { return kTable; }

}  // namespace sluice

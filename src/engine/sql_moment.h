#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/time_zone.h"
#include "engine/sql_call.h"

namespace sluice {

/// A value of SQL that is a date (`2026-11-23`) or a time (`2026-11-23 08:30:00.250`), in UTC or as
/// the clocks of some zone show it. Years 1 to 9999.
struct Moment {
  Timestamp time;
  bool has_time = true;
  int digits = 0;  ///< Of the fraction, 0 to 9; those behind the sixth are zeros.
};

enum class TimeUnit {
  kNanosecond,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
};

/// `day`, `days`, `dd`, `d` and so on, in any case.
std::optional<TimeUnit> read_time_unit(std::string_view text);
/// The unit that an argument names. Throws kInvalid that lists them.
TimeUnit unit_argument(const SqlCall& call, size_t i);

/// `YYYY-MM-DD`, with ` ` or `T` and `HH:MM`, seconds and a fraction behind it, then perhaps `Z` or
/// an offset, which is taken off. Nothing for anything else.
std::optional<Moment> read_moment(std::string_view text);
/// The date or time that an argument is; a number counts seconds since 1970. Throws kInvalid.
Moment moment_argument(const SqlCall& call, size_t i);
/// The same, as the clocks of `zone` show it; a date is a date everywhere.
Moment local_argument(const SqlCall& call, size_t i, const TimeZone* zone);
/// A number of seconds since 1970, whose fraction has `digits` digits.
std::optional<Moment> moment_of_seconds(double seconds, int digits);

Moment to_local(const Moment& moment, const TimeZone& zone);
/// The moment at which the clocks of `zone` first show this, or come to be behind it.
Timestamp from_local(Timestamp local, const TimeZone& zone);

bool in_calendar(Timestamp time);
void append_moment(std::string& out, const Moment& moment);
void give_moment(const SqlCall& call, const Moment& moment);

/// `value` with zeros before it, `width` digits.
void append_padded(std::string& out, int64_t value, size_t width);

/// The largest multiple of `step` that is not behind `value`.
constexpr int64_t floor_to(int64_t value, int64_t step) {
  const int64_t rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

}  // namespace sluice

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace sluice {

/// Wall-clock minutes of some time zone, without saying which.
using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// A crontab expression: minute, hour, day of month, month, day of week. The rules:
/// - a field is a list (`,`) of `*`, a value, or a range `a-b`, each with an optional step `/n`;
///   `a/n` runs from `a` to the end of the field. A step is at most the number of values there are.
/// - months and weekdays also by English three-letter names in any case; Sunday is 0 and 7.
/// - a range can't wrap around (`22-2`), except that Sunday may end a range of weekdays
/// (`FRI-SUN`).
/// - when both day fields are restricted, a day that matches either one counts. A field that begins
///   with `*` is unrestricted in this sense, `*/2` too: then a day has to match both fields.
/// - macros: @hourly @daily @midnight @weekly @monthly @yearly @annually.
/// Immutable, so threads may share it.
class CronExpression {
 public:
  /// Throws kInvalid that names the field and what is allowed there, or that says that the date
  /// never comes (30 February).
  static CronExpression parse(std::string_view text);

  /// The first matching minute after `time` (never `time` itself), in UTC. Nothing past year 9999.
  std::optional<Timestamp> next_after(Timestamp time) const;
  /// The first matching minute at or after `from` on a calendar without daylight saving; a time
  /// zone is put on top of it. Nothing past year 9999.
  std::optional<LocalMinute> next_local(LocalMinute from) const;

  /// As it was given, without spaces at the ends.
  const std::string& text() const { return text_; }

 private:
  CronExpression() = default;
  /// The days of a month that match, bit 1 for the first.
  uint32_t days_in(std::chrono::year_month month) const;
  std::optional<std::chrono::local_days> next_day(std::chrono::local_days from) const;
  /// Minutes since midnight of the first match at or after `from`, if that day has one.
  std::optional<std::chrono::minutes> next_in_day(std::chrono::minutes from) const;

  std::string text_;
  // One bit per value that matches.
  uint64_t minutes_ = 0;
  uint32_t hours_ = 0;
  uint32_t month_days_ = 0;
  uint32_t months_ = 0;
  uint32_t weekdays_ = 0;
  bool either_day_ = false;
};

/// What a client's `schedule_cron` asks for.
struct ScheduleRequest {
  enum class Kind { kNone, kOnce, kCron };
  Kind kind = Kind::kNone;
  std::optional<CronExpression> cron;  ///< There for kCron.
};

/// Empty, `None` and `@on-demand` are kNone, `@once` is kOnce (any case); the rest is an
/// expression. Throws like `CronExpression::parse`.
ScheduleRequest parse_schedule(std::string_view text);

}  // namespace sluice

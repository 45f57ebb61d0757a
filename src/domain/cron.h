#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "domain/cron_fields.h"

namespace sluice {

/// A crontab expression: minute, hour, day of month, month, day of week. The rules:
/// - a field is a list (`,`) of `*`, a value, or a range `a-b`, each with an optional step `/n`;
///   `a/n` runs from `a` to the end of the field. A step is at most the number of values there are.
/// - months and weekdays also by English three-letter names in any case; Sunday is 0 and 7.
/// - a range can't wrap around (`22-2`), except that Sunday may end a range of weekdays
/// (`FRI-SUN`).
/// - day of month also `L`, the last day of the month; day of week also `5#2`, the second Friday of
///   the month, and `5L`, the last.
/// - when both day fields are restricted, a day that matches either one counts. A field that begins
///   with `*` is unrestricted in this sense, `*/2` too: then a day has to match both fields.
/// - macros: @hourly @daily @midnight @weekly @monthly @yearly @annually.
/// Immutable, so threads may share it.
class CronExpression {
 public:
  /// Throws kInvalid that names the field and what is allowed there, or that says that the date
  /// never comes (30 February).
  static CronExpression parse(std::string_view text);

  /// The first matching minute at or after `from` on a calendar without daylight saving; a time
  /// zone is put on top of it. Nothing past year 9999.
  std::optional<LocalMinute> next_local(LocalMinute from) const;

  /// Whether the minute or the hour field begins with `*`: such a schedule means "every so often"
  /// and follows real time, also when the clocks are put back; the others mean times of the day.
  bool follows_real_time() const { return fields_.any_minute || fields_.any_hour; }
  const CronFields& fields() const { return fields_; }
  /// As it was given, without spaces at the ends.
  const std::string& text() const { return text_; }

 private:
  CronExpression() = default;
  /// The days of a month that match, bit 1 for the first.
  uint32_t days_in(std::chrono::year_month month) const;
  std::optional<std::chrono::local_days> next_day(std::chrono::local_days from,
                                                  std::chrono::local_days end) const;
  /// Minutes since midnight of the first match at or after `from`, if that day has one.
  std::optional<std::chrono::minutes> next_in_day(std::chrono::minutes from) const;

  std::string text_;
  CronFields fields_;
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

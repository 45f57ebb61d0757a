#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice {

/// The five fields of a crontab expression as sets: one bit per value that matches. The grammar is
/// told at CronExpression.
struct CronFields {
  uint64_t minutes = 0;
  uint32_t hours = 0;
  uint32_t month_days = 0;
  bool last_day = false;  ///< `L`: the last day of the month, too.
  uint32_t months = 0;
  uint32_t weekdays = 0;
  std::array<uint32_t, 6> nth_weekdays{};  ///< `5#2`: bit 5 of [2].
  uint32_t last_weekdays = 0;              ///< `5L`: the last Friday of the month.
  /// Whether the field begins with `*`.
  bool any_minute = false;
  bool any_hour = false;
  bool any_month_day = false;
  bool any_weekday = false;
};

/// Throws kInvalid that names the field and what is allowed there. Macros are expanded.
CronFields parse_cron_fields(std::string_view text);

/// A schedule as an error message may show it: printable, not endless.
std::string shown_schedule(std::string_view text);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace sluice {

/// The format of `{column, '%Y-%m-%d'}`. Codes are those of ClickHouse's formatDateTime:
/// %Y %y year, %Q quarter, %m month, %b its short name, %d day, %j day of the year, %G %V year and
/// week of ISO 8601, %u weekday 1-7 from Monday, %w 0-6 from Sunday, %a its short name, %H hour,
/// %I 1-12 with %p, %i minute, %S %s second, %F = %Y-%m-%d, %R = %H:%i, %T = %H:%i:%S, %% = %.
/// %M is refused: it is a minute in one tool and a month's name in another. Immutable.
class DateFormat {
 public:
  /// Throws kInvalid that names the code and those there are.
  static DateFormat parse(std::string_view text);

  /// Adds the formatted time, in UTC, to `out`.
  void append(std::string& out, Timestamp time) const;
  /// The format as `parse` reads it.
  std::string text() const;
  /// The format's own text with a letter in place of each code.
  std::string outline() const;

 private:
  /// A code, or 0 and literal text.
  struct Part {
    char code = 0;
    std::string text;
  };
  std::vector<Part> parts_;
};

/// Reads a date or time as data holds it: `2026-11-23`, with ` ` or `T` and `08:30`, `08:30:00` or
/// a fraction behind it, then perhaps `Z` or an offset (`+02:00`, `+0200`, `+02`; it is taken off).
/// Nothing for anything else.
std::optional<Timestamp> read_date_text(std::string_view text);

/// Reads a Unix time. Its size tells the unit: below 10^11 seconds, below 10^14 milliseconds, below
/// 10^17 microseconds, else nanoseconds. Nothing outside of the years 1-9999.
std::optional<Timestamp> read_unix_time(int64_t value);

}  // namespace sluice

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/sql_moment.h"

namespace sluice {

/// The pattern of formatDateTime and parseDateTime, with ClickHouse's codes: %Y %y %C %G %g years,
/// %Q quarter, %m %c month, %b %M its name, %V week, %d %e day, %j day of the year, %u %w %a %W
/// weekday, %H %k %h %I %l hour, %p, %i minute, %S %s second, %f microseconds, %z offset, %n %t
/// white space, and %D %F %r %R %T, which stand for several. Lives as long as its text.
class TimePattern {
 public:
  /// The pattern that an argument is. Throws kInvalid that names an unknown code.
  TimePattern(const SqlCall& call, size_t argument);

  /// Writes the moment as the clocks of `zone` (null: UTC) show it.
  void append(std::string& out, const Moment& moment, const TimeZone* zone) const;
  /// Reads what `append` writes; nothing where the text is not of this form or makes no date. Parts
  /// that the pattern lacks are those of 1970-01-01; with a month or day but no year it is 2000.
  /// Throws kInvalid where it has a code that can't be read (%Q %V %C %G %g %u %w).
  std::optional<Moment> read(std::string_view text, const TimeZone* zone) const;

 private:
  std::string pattern_;
  std::string call_name_;
};

}  // namespace sluice

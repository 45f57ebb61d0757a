#pragma once

#include <optional>
#include <string_view>

#include "engine/sql_moment.h"

namespace sluice {

/// The time that a text most likely means: ISO 8601, RFC 2822, `05/01/2024 10:11` (day first),
/// `Jan 5 2024 10:11 PM`, `20240105101112`, or seconds, milliseconds or microseconds since 1970. A
/// text without an offset is read as the clocks of `zone` (null: UTC) show it. Nothing where parts
/// are left over, stand twice, or make no date.
std::optional<Moment> guess_moment(std::string_view text, const TimeZone* zone);

/// 1 to 12 for the English name of a month or its first three letters; 0 for anything else.
int month_of_name(std::string_view word);

extern const std::string_view kMonthNames[12];
extern const std::string_view kWeekdayNames[7];  ///< From Monday on.

}  // namespace sluice

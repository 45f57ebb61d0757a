#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/time_zone.h"

namespace sluice {

/// Digits of a second's fraction that are kept.
inline constexpr int kMomentDigits = 6;

/// A moment as rows of data have it: what `read_date_text` reads (without `Z` or an offset it is
/// the civil time of `zone`), digits alone that are a date (`20261123`) or a date and time
/// (`20261123083000`), or a Unix time of any unit, also with a fraction. Nothing for anything else
/// and for what the zone's clocks leave out for a whole day.
std::optional<Timestamp> read_moment(std::string_view text, const TimeZone& zone);
std::optional<Timestamp> read_moment(int64_t number, const TimeZone& zone);
std::optional<Timestamp> read_moment(double number);

/// Adds `2026-11-23`.
void append_date(std::string& out, Timestamp time);
/// Adds `2026-11-23 08:30:00`, with the first `digits` (0 to kMomentDigits) of the fraction.
void append_moment(std::string& out, Timestamp time, int digits);

}  // namespace sluice

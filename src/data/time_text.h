#pragma once

#include <cstdint>

#include "data/batch.h"

namespace sluice {

/// A time as whole seconds, also before 1970, and what is left, in the unit.
struct SplitTime {
  int64_t seconds = 0;
  int64_t fraction = 0;
};
SplitTime split_time(int64_t value, TimestampUnit unit);

// Dates and times in UTC, of the proleptic Gregorian calendar. They are written at `out`, which has
// room for kNumberBytes (value_text.h), and the end of them is returned. Years below 0 and above
// 9999 have as many digits as they need.

/// `2024-02-29`; `days` since 1970-01-01, in 32 bits.
char* write_date(char* out, int64_t days);
/// `2024-02-29 13:45:01`, with exactly the unit's digits behind a point, if it has some, and a `Z`
/// where it is zoned.
char* write_timestamp(char* out, int64_t value, TimestampUnit unit);

}  // namespace sluice

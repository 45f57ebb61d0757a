#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>

#include "support/zone_file.h"

namespace sluice::testing {

/// A schedule as sets of values, made beside its text and not from it.
struct ScheduleSets {
  std::set<int> minutes, hours, month_days, months, weekdays;
  std::set<std::pair<int, int>> nth_weekdays;  ///< Weekday, number; number 0: the last.
  bool last_day = false;
  bool star_minute = false, star_hour = false, star_month_day = false, star_weekday = false;
};

/// The runs of a schedule, found by looking at one minute after the other, as slow and as plain as
/// can be: what the quick answer of ScheduleTimes is compared with.
class MinuteScan {
 public:
  MinuteScan(const ScheduleSets& sets, const ZoneFile& zone) : sets_(sets), zone_(zone) {}

  /// Minutes since 1970, UTC. The first run after the minute `after` and up to `last`.
  std::optional<int64_t> next(int64_t after, int64_t last) const;

  /// Whether the schedule names that minute of the local calendar.
  bool names(int64_t local) const;
  bool names_day(int64_t day) const;

 private:
  int64_t local_at(int64_t minute) const {
    const int64_t seconds = minute * 60 + zone_.offset_at(minute * 60);
    return seconds >= 0 ? seconds / 60 : -((59 - seconds) / 60);
  }
  bool runs_at(int64_t minute, int64_t latest_local) const;
  /// Whether the clocks go on evenly from one minute to another.
  bool is_even(int64_t begin, int64_t end) const;
  /// Whether nothing can happen from `minute` on for a day: no day of the schedule near, and the
  /// clocks go on evenly.
  bool is_quiet(int64_t minute) const;

  const ScheduleSets& sets_;
  const ZoneFile& zone_;
};

}  // namespace sluice::testing

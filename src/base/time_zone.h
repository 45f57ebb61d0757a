#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace date {
class time_zone;
}

namespace sluice {

/// Wall-clock minutes of some time zone, without saying which.
using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// The civil time of a place, by its name in the IANA Time Zone Database (`Europe/Berlin`), as the
/// machine's own tzdata has it. Rules are known up to 2037; later years keep the last offset.
/// Cheap to copy; threads may share it.
class TimeZone {
 public:
  /// Some stretch of time in which local time is `offset` ahead of UTC: from `begin` up to `end`.
  struct Period {
    Timestamp begin;
    Timestamp end;
    std::chrono::seconds offset;
  };

  /// Etc/UTC; needs no tzdata.
  TimeZone() = default;
  /// Names are compared without regard to case; `UTC`, `Z` and the empty name are Etc/UTC. Throws
  /// kInvalid where there is no such zone, with the nearest name; kUnavailable where the machine's
  /// tzdata is missing or can't be used.
  static TimeZone find(std::string_view name);

  const std::string& name() const { return name_; }
  Period period_at(Timestamp time) const;
  /// The moment at which the clocks of the zone first show `local`. Where they leave it out (a gap
  /// when summer time begins), the first whole minute after the gap; nothing where they leave out
  /// the whole day.
  std::optional<Timestamp> first_moment_of(LocalMinute local) const;
  /// The whole minute that the clocks of the zone show.
  LocalMinute local_minute(Timestamp time) const;

 private:
  std::string name_ = "Etc/UTC";
  const date::time_zone* zone_ = nullptr;  ///< Null: UTC. Lives as long as the process.
};

}  // namespace sluice

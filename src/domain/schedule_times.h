#pragma once

#include <optional>

#include "base/time_zone.h"
#include "domain/cron.h"

namespace sluice {

/// When a schedule runs: an expression read on the clocks of a time zone (docs/scheduling.md).
/// - Times of the day (neither minute nor hour field begins with `*`) come once on every local day
///   that exists: where the clocks leave the time out, in the first minute after the gap; where
///   they show it twice, the first time. Times that fall on one minute so are one run.
/// - "Every so often" (one of the two begins with `*`) runs in each real minute in which the clocks
///   show a matching time: twice an hour that comes twice, never in one that is left out.
/// Pure; immutable.
class ScheduleTimes {
 public:
  ScheduleTimes(CronExpression cron, TimeZone zone)
      : cron_(std::move(cron)), zone_(std::move(zone)) {}

  /// The first run after `time` (never `time` itself). Nothing past year 9999.
  std::optional<Timestamp> next_after(Timestamp time) const;
  /// The last run before `time` (never `time` itself), not before `earliest`.
  std::optional<Timestamp> last_before(Timestamp time, Timestamp earliest) const;

  const CronExpression& cron() const { return cron_; }
  const TimeZone& zone() const { return zone_; }

 private:
  std::optional<Timestamp> next_time_of_day(Timestamp time) const;
  std::optional<Timestamp> next_interval(Timestamp time) const;

  CronExpression cron_;
  TimeZone zone_;
};

}  // namespace sluice

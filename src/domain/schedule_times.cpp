#include "domain/schedule_times.h"

#include <algorithm>

namespace sluice {
namespace {

using std::chrono::ceil;
using std::chrono::floor;
using std::chrono::minutes;

/// Beyond these the calendar types would overflow.
constexpr Timestamp kFirst = std::chrono::sys_days(std::chrono::year(1) / 1 / 2);
constexpr Timestamp kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

}  // namespace

std::optional<Timestamp> ScheduleTimes::next_after(Timestamp time) const {
  if (time >= kEnd) return std::nullopt;
  time = std::max(time, kFirst);
  return cron_.follows_real_time() ? next_interval(time) : next_time_of_day(time);
}

/// Local times and the moments that stand for them are in one order, so the first local time from
/// the present one on whose moment is still to come is it. Those whose moment has passed are left:
/// at most the hour that the clocks show for the second time.
std::optional<Timestamp> ScheduleTimes::next_time_of_day(Timestamp time) const {
  for (auto local = cron_.next_local(zone_.local_minute(time)); local;
       local = cron_.next_local(*local + minutes(1))) {
    const std::optional<Timestamp> moment = zone_.first_moment_of(*local);
    if (moment && *moment > time) return moment;
  }
  return std::nullopt;
}

/// Within a period of one offset real minutes and local ones are the same; what comes after its end
/// is looked for from the beginning of the next one.
std::optional<Timestamp> ScheduleTimes::next_interval(Timestamp time) const {
  Timestamp from = floor<minutes>(time) + minutes(1);
  while (true) {
    const TimeZone::Period period = zone_.period_at(from);
    const auto local =
        cron_.next_local(LocalMinute(ceil<minutes>(from.time_since_epoch() + period.offset)));
    if (!local) return std::nullopt;
    const Timestamp moment(ceil<minutes>(local->time_since_epoch() - period.offset));
    if (moment < period.end) return moment;
    from = ceil<minutes>(period.end);
  }
}

/// `next_after(x) < time` holds up to the run that is looked for and never from it on, so it is
/// found by halving.
std::optional<Timestamp> ScheduleTimes::last_before(Timestamp time, Timestamp earliest) const {
  const Timestamp lowest = std::max(earliest, kFirst) - minutes(1);
  auto comes_before = [&](Timestamp from) {
    const std::optional<Timestamp> next = next_after(from);
    return next && *next < time;
  };
  // Steps back that grow, so that what runs often is found near.
  minutes step{1};
  Timestamp low = std::max(time - step, lowest);
  while (low > lowest && !comes_before(low)) {
    step *= 2;
    low = std::max(time - step, lowest);
  }
  if (!comes_before(low)) return std::nullopt;
  for (Timestamp high = time; high - low > minutes(1);) {
    const Timestamp middle = low + (high - low) / 2;
    (comes_before(middle) ? low : high) = middle;
  }
  const std::optional<Timestamp> last = next_after(low);
  return last && *last >= earliest ? last : std::nullopt;
}

}  // namespace sluice

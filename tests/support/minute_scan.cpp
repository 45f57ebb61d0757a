#include "support/minute_scan.h"

#include <algorithm>
#include <chrono>

namespace sluice::testing {
namespace {

constexpr int64_t kDay = 24 * 60;

int64_t floor_day(int64_t minute) {
  return minute >= 0 ? minute / kDay : -((kDay - 1 - minute) / kDay);
}

}  // namespace

bool MinuteScan::names_day(int64_t day) const {
  const std::chrono::sys_days date{std::chrono::days(day)};
  const std::chrono::year_month_day civil(date);
  if (!sets_.months.contains(static_cast<int>(static_cast<unsigned>(civil.month())))) return false;
  const int number = static_cast<int>(static_cast<unsigned>(civil.day()));
  const int weekday = static_cast<int>(std::chrono::weekday(date).c_encoding());
  auto month_of = [](std::chrono::sys_days some) {
    return std::chrono::year_month_day(some).month();
  };
  const bool is_last = month_of(date + std::chrono::days(1)) != civil.month();
  const bool is_last_week = month_of(date + std::chrono::days(7)) != civil.month();
  const bool by_date = sets_.month_days.contains(number) || (sets_.last_day && is_last);
  const bool by_weekday = sets_.weekdays.contains(weekday) ||
                          sets_.nth_weekdays.contains({weekday, (number + 6) / 7}) ||
                          (is_last_week && sets_.nth_weekdays.contains({weekday, 0}));
  const bool both = sets_.star_month_day || sets_.star_weekday;
  return both ? by_date && by_weekday : by_date || by_weekday;
}

bool MinuteScan::names(int64_t local) const {
  const int64_t of_day = local - floor_day(local) * kDay;
  return sets_.minutes.contains(static_cast<int>(of_day % 60)) &&
         sets_.hours.contains(static_cast<int>(of_day / 60)) && names_day(floor_day(local));
}

bool MinuteScan::runs_at(int64_t minute, int64_t latest_local) const {
  const int64_t local = local_at(minute);
  if (sets_.star_minute || sets_.star_hour) return names(local);
  if (local <= latest_local) return false;  // The clocks have shown it before.
  if (names(local)) return true;
  // What the clocks have just left out.
  for (int64_t skipped = latest_local + 1; skipped < local; ++skipped) {
    const int64_t midnight = floor_day(skipped) * kDay;
    const bool whole_day = latest_local < midnight && midnight + kDay <= local;
    if (!whole_day && names(skipped)) return true;
  }
  return false;
}

bool MinuteScan::is_even(int64_t begin, int64_t end) const {
  const auto& changes = zone_.transitions();
  const auto next = std::upper_bound(changes.begin(), changes.end(),
                                     std::pair<int64_t, int64_t>(begin * 60, INT64_MIN));
  return next == changes.end() || next->first > end * 60;
}

bool MinuteScan::is_quiet(int64_t minute) const {
  const int64_t day = floor_day(local_at(minute));
  for (int64_t near = day - 1; near <= day + 2; ++near) {
    if (names_day(near)) return false;
  }
  return is_even(minute - 2 * kDay, minute + 3 * kDay);
}

std::optional<int64_t> MinuteScan::next(int64_t after, int64_t last) const {
  // What the clocks have shown before: no offset changes by more than a day.
  int64_t latest_local = local_at(after);
  if (!is_even(after - 2 * kDay, after)) {
    for (int64_t minute = after - 2 * kDay; minute < after; ++minute) {
      latest_local = std::max(latest_local, local_at(minute));
    }
  }
  for (int64_t minute = after + 1; minute <= last; ++minute) {
    const int64_t local = local_at(minute);
    // At midnight, whole days may be passed over.
    if (local == floor_day(local) * kDay && is_quiet(minute)) {
      while (minute <= last && is_quiet(minute)) minute += kDay;
      latest_local = std::max(latest_local, local_at(minute - 1));
    }
    if (runs_at(minute, latest_local)) return minute;
    latest_local = std::max(latest_local, local_at(minute));
  }
  return std::nullopt;
}

}  // namespace sluice::testing

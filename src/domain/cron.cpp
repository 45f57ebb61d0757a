#include "domain/cron.h"

#include <bit>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::chrono::year kLastYear{9999};
/// The calendar repeats after 400 years, weekdays included.
constexpr local_days kCycleBegin = local_days(std::chrono::year(2000) / 1 / 1);
constexpr local_days kCycleEnd = local_days(std::chrono::year(2400) / 1 / 1);

/// `bits` without those below `from`.
template <class Bits>
Bits at_or_after(Bits bits, unsigned from) {
  return bits >> from << from;
}

}  // namespace

CronExpression CronExpression::parse(std::string_view text) {
  CronExpression cron;
  cron.text_ = trim(text);
  cron.fields_ = parse_cron_fields(cron.text_);
  cron.either_day_ = !cron.fields_.any_month_day && !cron.fields_.any_weekday;
  if (!cron.next_day(kCycleBegin, kCycleEnd)) {
    throw Error(ErrorCode::kInvalid,
                "The schedule '" + shown_schedule(cron.text_) +
                    "' never comes: no such month has that day.",
                "Change the day-of-month or the month field.");
  }
  return cron;
}

uint32_t CronExpression::days_in(std::chrono::year_month month) const {
  const auto last = static_cast<unsigned>((month / std::chrono::last).day());
  const unsigned first_weekday = std::chrono::weekday(local_days(month / 1)).c_encoding();
  uint32_t by_weekday = 0;
  for (unsigned day = 1; day <= last; ++day) {
    uint32_t weekdays = fields_.weekdays | fields_.nth_weekdays[(day - 1) / 7 + 1];
    if (day + 7 > last) weekdays |= fields_.last_weekdays;
    by_weekday |= (weekdays >> ((first_weekday + day - 1) % 7) & 1) << day;
  }
  const auto real_days = static_cast<uint32_t>((uint64_t{1} << (last + 1)) - 2);
  const uint32_t by_date = fields_.month_days | (fields_.last_day ? 1U << last : 0);
  return (either_day_ ? by_date | by_weekday : by_date & by_weekday) & real_days;
}

std::optional<local_days> CronExpression::next_day(local_days from, local_days end) const {
  const std::chrono::year_month_day date(from);
  std::chrono::year_month month = date.year() / date.month();
  auto first = static_cast<unsigned>(date.day());
  for (; local_days(month / 1) < end; month += std::chrono::months(1), first = 1) {
    if ((fields_.months >> static_cast<unsigned>(month.month()) & 1) == 0) continue;
    const uint32_t found = at_or_after(days_in(month), first);
    if (found == 0) continue;
    return local_days(month / std::chrono::day(static_cast<unsigned>(std::countr_zero(found))));
  }
  return std::nullopt;
}

std::optional<minutes> CronExpression::next_in_day(minutes from) const {
  auto hour = static_cast<unsigned>(from.count() / 60);
  const auto minute = static_cast<unsigned>(from.count() % 60);
  if ((fields_.hours >> hour & 1) != 0) {
    const uint64_t found = at_or_after(fields_.minutes, minute);
    if (found != 0) return minutes(hour * 60) + minutes(std::countr_zero(found));
  }
  const uint32_t found = at_or_after(fields_.hours, hour + 1);
  if (found == 0) return std::nullopt;
  return minutes(std::countr_zero(found) * 60) + minutes(std::countr_zero(fields_.minutes));
}

std::optional<LocalMinute> CronExpression::next_local(LocalMinute from) const {
  // Beyond these the calendar types would overflow.
  constexpr LocalMinute kFirst = local_days(std::chrono::year(1) / 1 / 1);
  constexpr local_days kEnd = local_days((kLastYear + std::chrono::years(1)) / 1 / 1);
  if (from >= kEnd) return std::nullopt;
  from = std::max(from, kFirst);
  const auto today = std::chrono::floor<days>(from);
  std::optional<local_days> day = next_day(today, kEnd);
  if (day == today) {
    const std::optional<minutes> time = next_in_day(from - today);
    if (time) return today + *time;
    day = next_day(today + days(1), kEnd);
  }
  if (!day) return std::nullopt;
  // Both fields hold at least one value, so midnight always finds one.
  return *day + *next_in_day(minutes(0));
}

ScheduleRequest parse_schedule(std::string_view text) {
  const std::string lower = ascii_lower(trim(text));
  if (lower.empty() || lower == "none" || lower == "@on-demand") return {};
  if (lower == "@once") return {ScheduleRequest::Kind::kOnce, std::nullopt};
  return {ScheduleRequest::Kind::kCron, CronExpression::parse(text)};
}

}  // namespace sluice

#include <array>
#include <string>

#include "base/encoding.h"
#include "engine/sql_calendar.h"
#include "engine/sql_functions.h"
#include "engine/sql_moment.h"
#include "engine/sql_time_guess.h"
#include "engine/sql_time_pattern.h"

namespace sluice {
namespace {

void format_date_time(const SqlCall& call) {
  const TimePattern pattern(call, 1);
  const TimeZone* const zone = call.zone(2);
  const Moment moment = moment_argument(call, 0);
  std::string out;
  pattern.append(out, moment, zone);
  call.give_text(out);
}

/// Without a pattern a time; with one, text.
void from_unix_timestamp(const SqlCall& call) {
  const double number = call.real(0);
  const auto moment = moment_of_seconds(number, 0);
  if (!moment) throw call.wrong(0, "is no time: seconds since 1970 end with the year 9999");
  if (call.size() == 1) return give_moment(call, *moment);
  std::string out;
  TimePattern(call, 1).append(out, *moment, call.zone(2));
  call.give_text(out);
}

template <int64_t kPerSecond, int kDigits>
void from_unix64(const SqlCall& call) {
  const int64_t number = call.integer(0);
  constexpr int64_t kMicros = 1'000'000;
  int64_t micros = 0;
  if (kPerSecond > kMicros) {
    micros = floor_to(number, kPerSecond / kMicros) / (kPerSecond / kMicros);
  } else if (__builtin_mul_overflow(number, kMicros / kPerSecond, &micros)) {
    throw call.wrong(0, "is no time of the years 1 to 9999");
  }
  const TimeZone* const zone = call.zone(1);
  const Moment moment{Timestamp(std::chrono::microseconds(micros)), true, kDigits};
  if (!in_calendar(moment.time)) throw call.wrong(0, "is no time of the years 1 to 9999");
  give_moment(call, zone == nullptr ? moment : to_local(moment, *zone));
}

std::optional<Moment> by_pattern(const SqlCall& call) {
  return TimePattern(call, 1).read(call.text(0), call.zone(2));
}

std::optional<Moment> by_guess(const SqlCall& call) {
  std::optional<Moment> moment = guess_moment(call.text(0), call.zone(1));
  if (moment) moment->digits = 0;
  return moment;
}

std::optional<Moment> by_guess64(const SqlCall& call) {
  const int64_t digits = call.size() > 1 ? call.integer(1, 0, 9) : 3;
  std::optional<Moment> moment = guess_moment(call.text(0), call.zone(2));
  if (moment) moment->digits = static_cast<int>(digits);
  return moment;
}

using Reader = std::optional<Moment> (*)(const SqlCall& call);

template <Reader kRead>
void strict(const SqlCall& call) {
  const std::optional<Moment> moment = kRead(call);
  if (!moment) throw call.wrong(0, "can't be read as a time");
  give_moment(call, *moment);
}

template <Reader kRead>
void or_null(const SqlCall& call) {
  const std::optional<Moment> moment = kRead(call);
  if (!moment) return call.give_null();
  give_moment(call, *moment);
}

template <Reader kRead>
void or_zero(const SqlCall& call) {
  give_moment(call, kRead(call).value_or(Moment{}));
}

void make_date(const SqlCall& call) {
  const std::chrono::year_month_day date =
      std::chrono::year(static_cast<int>(call.integer(0, 1, 9999))) /
      std::chrono::month(static_cast<unsigned>(call.integer(1, 1, 12))) /
      std::chrono::day(static_cast<unsigned>(call.integer(2, 1, 31)));
  if (!date.ok()) throw call.wrong(2, "is no day of that month");
  Moment moment{std::chrono::sys_days(date), false, 0};
  if (call.size() > 3) {
    moment.has_time = true;
    moment.time += std::chrono::hours(call.integer(3, 0, 23)) +
                   std::chrono::minutes(call.integer(4, 0, 59)) +
                   std::chrono::seconds(call.integer(5, 0, 59));
  }
  give_moment(call, moment);
}

void month_name(const SqlCall& call) {
  const auto date = date_of(local_argument(call, 0, call.zone(1)).time);
  call.give_text(kMonthNames[static_cast<unsigned>(date.month()) - 1]);
}

void date_name(const SqlCall& call) {
  const std::string part = ascii_lower(call.text(0));
  const Timestamp time = local_argument(call, 1, call.zone(2)).time;
  if (part == "month") {
    return call.give_text(kMonthNames[static_cast<unsigned>(date_of(time).month()) - 1]);
  }
  if (part == "weekday") return call.give_text(kWeekdayNames[weekday_of(time) - 1]);
  throw call.wrong(0, "has no name here; there are 'month' and 'weekday'");
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"formatDateTime(time, pattern[, zone])", 2, 3, format_date_time},
    {"date_format(time, pattern[, zone])", 2, 3, format_date_time},
    {"fromUnixTimestamp(seconds[, pattern[, zone]])", 1, 3, from_unix_timestamp},
    {"fromUnixTimestamp64Second(number[, zone])", 1, 2, from_unix64<1, 0>},
    {"fromUnixTimestamp64Milli(number[, zone])", 1, 2, from_unix64<1000, 3>},
    {"fromUnixTimestamp64Micro(number[, zone])", 1, 2, from_unix64<1'000'000, 6>},
    {"fromUnixTimestamp64Nano(number[, zone])", 1, 2, from_unix64<1'000'000'000, 9>},
    {"parseDateTime(text, pattern[, zone])", 2, 3, strict<by_pattern>},
    {"parseDateTimeOrNull(text, pattern[, zone])", 2, 3, or_null<by_pattern>},
    {"parseDateTimeOrZero(text, pattern[, zone])", 2, 3, or_zero<by_pattern>},
    {"parseDateTimeBestEffort(text[, zone])", 1, 2, strict<by_guess>},
    {"parseDateTimeBestEffortOrNull(text[, zone])", 1, 2, or_null<by_guess>},
    {"parseDateTimeBestEffortOrZero(text[, zone])", 1, 2, or_zero<by_guess>},
    {"parseDateTime64BestEffort(text[, digits[, zone]])", 1, 3, strict<by_guess64>},
    {"parseDateTime64BestEffortOrNull(text[, digits[, zone]])", 1, 3, or_null<by_guess64>},
    {"makeDate(year, month, day)", 3, 3, make_date},
    {"makeDateTime(year, month, day, hour, minute, second)", 6, 6, make_date},
    {"monthName(time[, zone])", 1, 2, month_name},
    {"dateName(part, time[, zone])", 2, 3, date_name},
});

}  // namespace

std::span<const SqlFunction> time_text_functions() { return kTable; }

}  // namespace sluice

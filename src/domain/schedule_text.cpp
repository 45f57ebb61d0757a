#include "domain/schedule_text.h"

#include <array>
#include <cstdio>
#include <functional>
#include <string_view>
#include <vector>

namespace sluice {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 13> kMonths = {
    "",     "January", "February",  "March",   "April",    "May",     "June",
    "July", "August",  "September", "October", "November", "December"};
constexpr std::array<std::string_view, 6> kOrdinals = {"",      "first",  "second",
                                                       "third", "fourth", "fifth"};
/// As many times of the day are listed one by one.
constexpr size_t kListedTimes = 4;

using Numbers = std::vector<unsigned>;
using Texts = std::vector<std::string>;

Numbers values_of(uint64_t bits, unsigned first, unsigned last) {
  Numbers values;
  for (unsigned value = first; value <= last; ++value) {
    if ((bits >> value & 1) != 0) values.push_back(value);
  }
  return values;
}

/// `a`, `a and b`, `a, b and c`.
std::string joined(const Texts& parts) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

/// Values in a row of three and more are shown as `a to c`.
std::string ranges(const Numbers& values, const std::function<std::string(unsigned)>& name) {
  Texts parts;
  for (size_t i = 0; i < values.size();) {
    size_t end = i;
    while (end + 1 < values.size() && values[end + 1] == values[end] + 1) ++end;
    if (end - i >= 2) {
      parts.push_back(name(values[i]) + " to " + name(values[end]));
      i = end + 1;
    } else {
      parts.push_back(name(values[i]));
      ++i;
    }
  }
  return joined(parts);
}

std::string number(unsigned value) { return std::to_string(value); }

std::string weekday(unsigned day) { return std::string(kWeekdays[day % 7]); }

std::string clock_time(unsigned hour, unsigned minute) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02u:%02u", hour, minute);
  return text.data();
}

/// The distance of values that fill `size` evenly from the first on: 15 for 0, 15, 30, 45 of 60.
/// 0 where they don't.
unsigned even_step(const Numbers& values, unsigned size) {
  if (values.size() < 2 || size % values.size() != 0) return 0;
  const auto step = static_cast<unsigned>(size / values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != values[0] + i * step) return 0;
  }
  return values[0] < step ? step : 0;
}

std::string every(unsigned step, const std::string& unit) {
  return step == 1 ? "every " + unit : "every " + number(step) + " " + unit + "s";
}

std::string past_the_hour(unsigned minute) {
  if (minute == 0) return "on the hour";
  return "at " + number(minute) + (minute == 1 ? " minute past" : " minutes past");
}

std::string of_hours(const Numbers& hours) {
  if (hours.size() == 24) return "";
  return " in " + std::string(hours.size() == 1 ? "hour " : "hours ") + ranges(hours, number);
}

/// `daily` says whether every day counts.
std::string times(const CronFields& fields, bool daily) {
  const Numbers minutes = values_of(fields.minutes, 0, 59);
  const Numbers hours = values_of(fields.hours, 0, 23);
  const unsigned minute_step = even_step(minutes, 60);
  if (minute_step > 0 && minutes[0] == 0) return every(minute_step, "minute") + of_hours(hours);
  const unsigned hour_step = even_step(hours, 24);
  if (minutes.size() == 1 && hour_step > 0 && hours[0] == 0) {
    return every(hour_step, "hour") + ", " + past_the_hour(minutes[0]);
  }
  if (minutes.size() * hours.size() > kListedTimes) {
    return std::string(minutes.size() == 1 ? "at minute " : "at minutes ") +
           ranges(minutes, number) + (hours.size() == 24 ? " of every hour" : of_hours(hours));
  }
  Texts all;
  for (const unsigned hour : hours) {
    for (const unsigned minute : minutes) all.push_back(clock_time(hour, minute));
  }
  return (daily ? "every day at " : "at ") + joined(all);
}

std::string dates(const CronFields& fields) {
  const Numbers days = values_of(fields.month_days, 1, 31);
  if (days.size() == 31) return "";
  Texts parts;
  if (!days.empty()) parts.push_back((days.size() == 1 ? "day " : "days ") + ranges(days, number));
  if (fields.last_day) parts.emplace_back("the last day");
  return "on " + joined(parts) + " of the month";
}

std::string weekdays(const CronFields& fields) {
  // The week of people begins on Monday.
  Numbers days = values_of(fields.weekdays & 0x7E, 1, 6);
  if ((fields.weekdays & 1) != 0) days.push_back(7);
  if (days.size() == 7) return "";
  Texts parts;
  if (!days.empty()) parts.push_back(ranges(days, weekday));
  for (unsigned nth = 1; nth < fields.nth_weekdays.size(); ++nth) {
    for (const unsigned day : values_of(fields.nth_weekdays[nth], 0, 6)) {
      parts.push_back("the " + std::string(kOrdinals[nth]) + " " + weekday(day) + " of the month");
    }
  }
  for (const unsigned day : values_of(fields.last_weekdays, 0, 6)) {
    parts.push_back("the last " + weekday(day) + " of the month");
  }
  return joined(parts);
}

std::string all_days(const CronFields& fields) {
  const std::string by_date = dates(fields);
  const std::string by_weekday = weekdays(fields);
  if (by_date.empty() || by_weekday.empty()) return by_date + by_weekday;
  const bool either = !fields.any_month_day && !fields.any_weekday;
  return by_date + (either ? " and on " : " if it is ") + by_weekday;
}

}  // namespace

std::string describe(const ScheduleTimes& schedule) {
  const CronFields& fields = schedule.cron().fields();
  const std::string days = all_days(fields);
  const Numbers months = values_of(fields.months, 1, 12);
  std::string text = times(fields, days.empty());
  if (!days.empty()) text += ", " + days;
  if (months.size() < 12) {
    text += ", in " + ranges(months, [](unsigned month) { return std::string(kMonths[month]); });
  }
  return text + ", " + (schedule.zone().name() == "Etc/UTC" ? "UTC" : schedule.zone().name());
}

}  // namespace sluice

#include "data/time_text.h"

#include "data/value_text.h"

namespace sluice {
namespace {

constexpr int64_t kDaySeconds = 86400;

int64_t floor_div(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

/// Digits of a number that is not negative, filled up with zeros.
char* write_digits(char* out, int64_t value, uint32_t digits) {
  for (uint32_t i = digits; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

char* write_year(char* out, int64_t year) {
  return year < 0 || year > 9999 ? write_integer(out, year) : write_digits(out, year, 4);
}

}  // namespace

SplitTime split_time(int64_t value, TimestampUnit unit) {
  const int64_t seconds = floor_div(value, unit.per_second());
  return {seconds, value - seconds * unit.per_second()};
}

char* write_date(char* out, int64_t days) {
  // Years begin in March here, so that a leap day is the last of its year, and eras of 400 years
  // are all alike (Howard Hinnant, "chrono-compatible low-level date algorithms"; the years of
  // std::chrono end at 32767).
  constexpr int64_t kEraDays = 146'097;
  constexpr int64_t kDaysToEpoch = 719'468;  // From 0000-03-01.
  days += kDaysToEpoch;
  const int64_t era = floor_div(days, kEraDays);
  const int64_t day = days - era * kEraDays;
  const int64_t year = (day - day / 1460 + day / 36'524 - day / 146'096) / 365;
  const int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;  // From March.
  out = write_year(out, year + era * 400 + (month >= 10 ? 1 : 0));
  *out++ = '-';
  out = write_digits(out, month < 10 ? month + 3 : month - 9, 2);
  *out++ = '-';
  return write_digits(out, day_of_year - (153 * month + 2) / 5 + 1, 2);
}

char* write_timestamp(char* out, int64_t value, TimestampUnit unit) {
  const auto [seconds, fraction] = split_time(value, unit);
  const int64_t days = floor_div(seconds, kDaySeconds);
  const int64_t clock = seconds - days * kDaySeconds;
  out = write_date(out, days);
  *out++ = ' ';
  out = write_digits(out, clock / 3600, 2);
  *out++ = ':';
  out = write_digits(out, clock / 60 % 60, 2);
  *out++ = ':';
  out = write_digits(out, clock % 60, 2);
  if (unit.digits > 0) {
    *out++ = '.';
    out = write_digits(out, fraction, unit.digits);
  }
  if (unit.zoned) *out++ = 'Z';
  return out;
}

}  // namespace sluice

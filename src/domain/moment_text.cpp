#include "domain/moment_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "domain/date_format.h"

namespace sluice {
namespace {

constexpr size_t kDateDigits = 8;
constexpr size_t kMomentDigitsAlone = 14;

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether the text says itself how far it is ahead of UTC. Up to the minutes it has 16 bytes.
bool says_its_offset(std::string_view text) {
  constexpr size_t kMinutes = 16;
  return text.ends_with('Z') ||
         (text.size() > kMinutes && text.find_first_of("+-", kMinutes) != std::string_view::npos);
}

std::optional<Timestamp> in_zone(Timestamp civil, const TimeZone& zone) {
  if (zone.name() == TimeZone().name()) return civil;
  const auto minute = std::chrono::floor<std::chrono::minutes>(civil);
  const std::optional<Timestamp> moment =
      zone.first_moment_of(LocalMinute(minute.time_since_epoch()));
  if (!moment) return std::nullopt;
  return *moment + (civil - minute);
}

/// `20261123` or `20261123083000`.
std::optional<Timestamp> read_calendar_digits(std::string_view text, const TimeZone& zone) {
  if (text.size() != kDateDigits && text.size() != kMomentDigitsAlone) return std::nullopt;
  std::string full(text.substr(0, 4));
  full += '-';
  full += text.substr(4, 2);
  full += '-';
  full += text.substr(6, 2);
  if (text.size() == kMomentDigitsAlone) {
    full += ' ';
    full += text.substr(8, 2);
    full += ':';
    full += text.substr(10, 2);
    full += ':';
    full += text.substr(12, 2);
  }
  const std::optional<Timestamp> civil = read_date_text(full);
  return civil ? in_zone(*civil, zone) : std::nullopt;
}

char* put_digits(char* at, int64_t value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + width;
}

char* put_date(char* at, std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  at = put_digits(at, static_cast<int>(date.year()), 4);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  return put_digits(at, static_cast<unsigned>(date.day()), 2);
}

}  // namespace

std::optional<Timestamp> read_moment(std::string_view text, const TimeZone& zone) {
  if (!text.empty() && is_digits(text.substr(text[0] == '-' ? 1 : 0))) {
    int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    const std::optional<Timestamp> calendar = read_calendar_digits(text, zone);
    return calendar ? calendar : read_unix_time(number);
  }
  if (const std::optional<Timestamp> civil = read_date_text(text)) {
    return says_its_offset(text) ? civil : in_zone(*civil, zone);
  }
  double seconds = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return read_moment(seconds);
}

std::optional<Timestamp> read_moment(int64_t number, const TimeZone& zone) {
  std::array<char, 24> text{};
  const char* const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return read_moment(std::string_view(text.data(), static_cast<size_t>(end - text.data())), zone);
}

std::optional<Timestamp> read_moment(double number) {
  constexpr double kSecondsEnd = 1e11;
  if (!(std::fabs(number) < 0x1p63)) return std::nullopt;
  const auto whole = static_cast<int64_t>(number);
  if (static_cast<double>(whole) == number) return read_unix_time(whole);
  if (std::fabs(number) >= kSecondsEnd) return read_unix_time(whole);
  const std::optional<Timestamp> second = read_unix_time(static_cast<int64_t>(std::floor(number)));
  if (!second) return std::nullopt;
  const double fraction = number - std::floor(number);
  // A double has six digits of a second's fraction, but not to the last bit.
  return *second + std::chrono::microseconds(std::llround(fraction * 1e6));
}

void append_date(std::string& out, Timestamp time) {
  std::array<char, 16> text{};
  const char* const end = put_date(text.data(), std::chrono::floor<std::chrono::days>(time));
  out.append(text.data(), static_cast<size_t>(end - text.data()));
}

void append_moment(std::string& out, Timestamp time, int digits) {
  std::array<char, 32> text{};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss<std::chrono::microseconds> clock(time - day);
  char* at = put_date(text.data(), day);
  *at++ = ' ';
  at = put_digits(at, clock.hours().count(), 2);
  *at++ = ':';
  at = put_digits(at, clock.minutes().count(), 2);
  *at++ = ':';
  at = put_digits(at, clock.seconds().count(), 2);
  if (digits > 0) {
    *at++ = '.';
    put_digits(at, clock.subseconds().count(), kMomentDigits);
    at += digits;
  }
  out.append(text.data(), static_cast<size_t>(at - text.data()));
}

}  // namespace sluice

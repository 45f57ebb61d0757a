#include "domain/date_format.h"

#include <array>
#include <cstdint>
#include <optional>

#include "base/error.h"

namespace sluice {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::string_view kCodes = "YyQmbdjGVuwaHIpiSs";
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

Error bad_format(std::string_view code) {
  std::string hint = "Codes: %Y %y %Q %m %b %d %j %G %V %u %w %a %H %I %p %i %S %F %R %T %%.";
  if (code == "%M") hint = "Use %i for the minute, %m for the month. " + hint;
  return {ErrorCode::kInvalid,
          "The date format of the file template has an unknown code '" + std::string(code) + "'.",
          hint};
}

/// Codes that stand for several others.
std::string_view expansion(char code) {
  switch (code) {
    case 'F':
      return "%Y-%m-%d";
    case 'R':
      return "%H:%i";
    case 'T':
      return "%H:%i:%S";
    default:
      return {};
  }
}

/// `value` has at most `width` digits: years end at 9999.
void append_padded(std::string& out, int64_t value, size_t width) {
  out.append(width, '0');
  for (size_t at = out.size() - 1; value > 0; --at, value /= 10) {
    out[at] = static_cast<char>('0' + value % 10);
  }
}

/// A moment, taken apart once for all codes.
struct Calendar {
  explicit Calendar(Timestamp time)
      : day(std::chrono::floor<days>(time)), date(day), weekday(day), clock(time - day) {}

  int year() const { return static_cast<int>(date.year()); }
  unsigned month() const { return static_cast<unsigned>(date.month()); }
  int day_of_year() const {
    return static_cast<int>((day - sys_days(date.year() / 1 / 1)).count()) + 1;
  }
  /// ISO 8601: the week belongs to the year that its Thursday is in.
  sys_days thursday() const { return day + days(4 - static_cast<int>(weekday.iso_encoding())); }
  int week_year() const { return static_cast<int>(std::chrono::year_month_day(thursday()).year()); }
  int week() const {
    const sys_days first(std::chrono::year(week_year()) / 1 / 1);
    return static_cast<int>((thursday() - first).count()) / 7 + 1;
  }

  sys_days day;
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<std::chrono::microseconds> clock;
};

void append_date_code(std::string& out, char code, const Calendar& at) {
  switch (code) {
    case 'Y':
      return append_padded(out, at.year(), 4);
    case 'y':
      return append_padded(out, at.year() % 100, 2);
    case 'Q':
      return append_padded(out, (at.month() + 2) / 3, 1);
    case 'm':
      return append_padded(out, at.month(), 2);
    case 'b':
      out += kMonths[at.month() - 1];
      return;
    case 'd':
      return append_padded(out, static_cast<unsigned>(at.date.day()), 2);
    case 'j':
      return append_padded(out, at.day_of_year(), 3);
    case 'G':
      return append_padded(out, at.week_year(), 4);
    case 'V':
      return append_padded(out, at.week(), 2);
    case 'u':
      return append_padded(out, at.weekday.iso_encoding(), 1);
    case 'w':
      return append_padded(out, at.weekday.c_encoding(), 1);
    default:
      out += kWeekdays[at.weekday.c_encoding()];
  }
}

void append_time_code(std::string& out, char code, const Calendar& at) {
  const int64_t hour = at.clock.hours().count();
  switch (code) {
    case 'H':
      return append_padded(out, hour, 2);
    case 'I':
      return append_padded(out, (hour + 11) % 12 + 1, 2);
    case 'p':
      out += hour < 12 ? "AM" : "PM";
      return;
    case 'i':
      return append_padded(out, at.clock.minutes().count(), 2);
    default:
      return append_padded(out, at.clock.seconds().count(), 2);
  }
}

bool in_calendar(Timestamp time) {
  using std::chrono::year;
  return time >= sys_days(year(1) / 1 / 1) && time < sys_days(year(10000) / 1 / 1);
}

/// `+02:00`, `+0200` or `+02`.
std::optional<std::chrono::minutes> read_offset(std::string_view text) {
  auto digit = [&](size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  const size_t colon = text.size() == 6 && text[3] == ':' ? 1 : 0;
  if (text.size() != 3 && text.size() != 5 + colon) return std::nullopt;
  const int hours = digit(1) * 10 + digit(2);
  const int minutes = text.size() == 3 ? 0 : digit(3 + colon) * 10 + digit(4 + colon);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::chrono::minutes offset(hours * 60 + minutes);
  return text[0] == '-' ? -offset : offset;
}

}  // namespace

DateFormat DateFormat::parse(std::string_view text) {
  DateFormat format;
  auto add_text = [&](char c) {
    if (format.parts_.empty() || format.parts_.back().code != 0) format.parts_.emplace_back();
    format.parts_.back().text += c;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      add_text(text[i]);
      continue;
    }
    const std::string_view code = text.substr(i, 2);
    ++i;
    if (code == "%%") {
      add_text('%');
    } else if (code.size() == 2 && !expansion(code[1]).empty()) {
      for (Part& part : parse(expansion(code[1])).parts_) format.parts_.push_back(std::move(part));
    } else if (code.size() == 2 && kCodes.find(code[1]) != std::string_view::npos) {
      format.parts_.push_back({code[1], {}});
    } else {
      throw bad_format(code);
    }
  }
  return format;
}

void DateFormat::append(std::string& out, Timestamp time) const {
  const Calendar at(time);
  for (const Part& part : parts_) {
    if (part.code == 0) {
      out += part.text;
    } else if (std::string_view("HIpiSs").find(part.code) != std::string_view::npos) {
      append_time_code(out, part.code, at);
    } else {
      append_date_code(out, part.code, at);
    }
  }
}

std::string DateFormat::text() const {
  std::string out;
  for (const Part& part : parts_) {
    if (part.code != 0) {
      out += '%';
      out += part.code;
      continue;
    }
    for (const char c : part.text) out += c == '%' ? "%%" : std::string(1, c);
  }
  return out;
}

std::string DateFormat::outline() const {
  std::string out;
  for (const Part& part : parts_) out += part.code == 0 ? part.text : "x";
  return out;
}

std::optional<Timestamp> read_date_text(std::string_view text) {
  constexpr size_t kDate = 10;
  constexpr size_t kMinutes = 16;
  std::chrono::minutes offset{0};
  if (text.size() > kMinutes) {
    const size_t sign = text.find_first_of("+-", kMinutes);
    if (sign != std::string_view::npos) {
      const std::optional<std::chrono::minutes> read = read_offset(text.substr(sign));
      if (!read) return std::nullopt;
      offset = *read;
      text = text.substr(0, sign);
      if (text.ends_with('Z')) return std::nullopt;
    }
  }
  if (text.size() == kMinutes + 1 && text.ends_with('Z')) text.remove_suffix(1);
  std::string full;
  if (text.size() == kDate || text.size() == kMinutes) {
    full = text;
    full += std::string_view(" 00:00:00").substr(text.size() == kDate ? 0 : 6);
    text = full;
  }
  const std::optional<Timestamp> time = parse_timestamp(text);
  if (!time || !in_calendar(*time - offset)) return std::nullopt;
  return *time - offset;
}

std::optional<Timestamp> read_unix_time(int64_t value) {
  constexpr int64_t kMillis = 100'000'000'000;
  constexpr int64_t kMicros = kMillis * 1000;
  constexpr int64_t kNanos = kMicros * 1000;
  const bool negative = value < 0;
  auto below = [&](int64_t bound) { return negative ? value > -bound : value < bound; };
  std::chrono::microseconds since{0};
  if (below(kMillis)) {
    since = std::chrono::seconds(value);
  } else if (below(kMicros)) {
    since = std::chrono::milliseconds(value);
  } else if (below(kNanos)) {
    since = std::chrono::microseconds(value);
  } else {
    since = std::chrono::floor<std::chrono::microseconds>(std::chrono::nanoseconds(value));
  }
  const Timestamp time(since);
  if (!in_calendar(time)) return std::nullopt;
  return time;
}

}  // namespace sluice

#include "engine/sql_time_pattern.h"

#include <cmath>

#include "base/encoding.h"
#include "base/error.h"
#include "engine/sql_calendar.h"
#include "engine/sql_time_guess.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr std::string_view kCodes = "YyCGgQmcbMVdejuwaWHkhIlpiSsfznt%";

/// Codes that stand for several.
std::string_view expansion(char code) {
  switch (code) {
    case 'D':
      return "%m/%d/%y";
    case 'F':
      return "%Y-%m-%d";
    case 'r':
      return "%h:%i %p";
    case 'R':
      return "%H:%i";
    case 'T':
      return "%H:%i:%S";
    default:
      return {};
  }
}

/// A moment taken apart for the codes.
struct Parts {
  Parts(Timestamp local, seconds offset_from_utc)
      : time(local),
        date(date_of(local)),
        micros((local - std::chrono::floor<std::chrono::days>(local)).count()),
        offset(offset_from_utc) {}

  int year() const { return static_cast<int>(date.year()); }
  int month() const { return static_cast<int>(static_cast<unsigned>(date.month())); }
  int day() const { return static_cast<int>(static_cast<unsigned>(date.day())); }
  int64_t hour() const { return micros / 3'600'000'000; }
  YearWeek iso_week() const { return week_of(time, WeekMode(3)); }

  Timestamp time;
  std::chrono::year_month_day date;
  int64_t micros;  ///< Of the day.
  seconds offset;
};

void append_offset(std::string& out, seconds offset) {
  const int64_t minute = std::abs(offset.count()) / 60;
  out += offset.count() < 0 ? '-' : '+';
  append_padded(out, minute / 60, 2);
  append_padded(out, minute % 60, 2);
}

void append_clock_code(std::string& out, char code, const Parts& at) {
  switch (code) {
    case 'H':
    case 'k':
      return append_padded(out, at.hour(), 2);
    case 'h':
    case 'I':
    case 'l':
      return append_padded(out, (at.hour() + 11) % 12 + 1, 2);
    case 'p':
      out += at.hour() < 12 ? "AM" : "PM";
      return;
    case 'i':
      return append_padded(out, at.micros / 60'000'000 % 60, 2);
    case 'S':
    case 's':
      return append_padded(out, at.micros / 1'000'000 % 60, 2);
    case 'f':
      return append_padded(out, at.micros % 1'000'000, 6);
    case 'z':
      return append_offset(out, at.offset);
    default:
      out += code == 'n' ? '\n' : code == 't' ? '\t' : '%';
  }
}

void append_date_code(std::string& out, char code, const Parts& at) {
  switch (code) {
    case 'Y':
      return append_padded(out, at.year(), 4);
    case 'y':
      return append_padded(out, at.year() % 100, 2);
    case 'C':
      return append_padded(out, at.year() / 100, 2);
    case 'G':
      return append_padded(out, at.iso_week().year, 4);
    case 'g':
      return append_padded(out, at.iso_week().year % 100, 2);
    case 'Q':
      return append_padded(out, (at.month() + 2) / 3, 1);
    case 'm':
    case 'c':
      return append_padded(out, at.month(), 2);
    case 'b':
      out += kMonthNames[at.month() - 1].substr(0, 3);
      return;
    case 'M':
      out += kMonthNames[at.month() - 1];
      return;
    case 'V':
      return append_padded(out, at.iso_week().week, 2);
    case 'd':
      return append_padded(out, at.day(), 2);
    case 'e':
      return append_padded(out, at.day(), at.day() < 10 ? 1 : 2);
    case 'j':
      return append_padded(out, day_of_year(at.time), 3);
    case 'u':
      return append_padded(out, weekday_of(at.time), 1);
    case 'w':
      return append_padded(out, weekday_of(at.time) % 7, 1);
    case 'a':
      out += kWeekdayNames[weekday_of(at.time) - 1].substr(0, 3);
      return;
    default:
      out += kWeekdayNames[weekday_of(at.time) - 1];
  }
}

bool is_date_code(char code) {
  return std::string_view("YyCGgQmcbMVdejuwaW").find(code) != std::string_view::npos;
}

/// Reads a text piece by piece; every step says whether it went well.
class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool take_code(char code) {
    switch (code) {
      case 'Y':
        return number(4, 4, year_);
      case 'y':
        return number(2, 2, year_) && (year_ += year_ < 70 ? 2000 : 1900) > 0;
      case 'm':
        return number(2, 2, month_);
      case 'c':
        return number(1, 2, month_);
      case 'b':
        return take_month(true);
      case 'M':
        return take_month(false);
      case 'd':
        return number(2, 2, day_);
      case 'e':
        return number(1, 2, day_);
      case 'j':
        return number(3, 3, year_day_);
      case 'a':
      case 'W':
        return take_weekday(code == 'a');
      default:
        return take_clock_code(code);
    }
  }

  std::optional<Moment> result(const TimeZone* zone) {
    if (!text_.empty()) return std::nullopt;
    if (!apply_half() || hour_ > 23 || minute_ > 59 || second_ > 59) return std::nullopt;
    const bool has_day = month_ >= 0 || day_ >= 0 || year_day_ >= 0;
    const int in_year = year_ >= 0 ? year_ : has_day ? 2000 : 1970;
    const auto date = std::chrono::year(in_year) /
                      std::chrono::month(static_cast<unsigned>(month_ < 0 ? 1 : month_)) /
                      std::chrono::day(static_cast<unsigned>(day_ < 0 ? 1 : day_));
    if (!date.ok() || in_year < 1) return std::nullopt;
    Timestamp time = sys_days(date);
    if (year_day_ >= 0) {
      time = sys_days(date.year() / 1 / 1) + std::chrono::days(year_day_ - 1);
      if (year_day_ < 1 || date_of(time).year() != date.year()) return std::nullopt;
    }
    time += hours(hour_) + minutes(minute_) + seconds(second_);
    if (has_offset_) {
      time -= offset_;
    } else if (zone != nullptr) {
      time = from_local(time, *zone);
    }
    if (!in_calendar(time)) return std::nullopt;
    return Moment{time, true, 0};
  }

 private:
  bool take_clock_code(char code) {
    switch (code) {
      case 'H':
        return number(2, 2, hour_);
      case 'k':
        return number(1, 2, hour_);
      case 'h':
      case 'I':
        is_half_ = true;
        return number(2, 2, hour_);
      case 'l':
        is_half_ = true;
        return number(1, 2, hour_);
      case 'p':
        return take_half();
      case 'i':
        return number(2, 2, minute_);
      case 'S':
      case 's':
        return number(2, 2, second_);
      case 'f': {
        int ignored = 0;
        return number(1, 6, ignored);
      }
      case 'z':
        return take_offset();
      default:
        return take(code == 'n' ? '\n' : code == 't' ? '\t' : '%');
    }
  }

  bool number(size_t least, size_t most, int& value) {
    size_t size = 0;
    value = 0;
    while (size < most && size < text_.size() && text_[size] >= '0' && text_[size] <= '9') {
      value = value * 10 + (text_[size++] - '0');
    }
    text_.remove_prefix(size);
    return size >= least;
  }

  bool take_word(std::string_view word) {
    if (ascii_lower(text_.substr(0, word.size())) != ascii_lower(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  bool take_month(bool is_short) {
    for (int i = 0; i < 12; ++i) {
      if (!take_word(is_short ? kMonthNames[i].substr(0, 3) : kMonthNames[i])) continue;
      month_ = i + 1;
      return true;
    }
    return false;
  }

  bool take_weekday(bool is_short) {
    for (const std::string_view name : kWeekdayNames) {
      if (take_word(is_short ? name.substr(0, 3) : name)) return true;
    }
    return false;
  }

  bool take_half() {
    is_afternoon_ = take_word("pm");
    return is_afternoon_ || take_word("am");
  }

  bool take_offset() {
    const bool behind = !text_.empty() && text_.front() == '-';
    int hour = 0;
    int minute = 0;
    if (!take('+') && !take('-')) return false;
    if (!number(2, 2, hour)) return false;
    take(':');
    if (!number(2, 2, minute) || hour > 23 || minute > 59) return false;
    const minutes ahead = hours(hour) + minutes(minute);
    has_offset_ = true;
    offset_ = behind ? -ahead : ahead;
    return true;
  }

  /// Hours of half a day run from 1 to 12, and 12 is the first.
  bool apply_half() {
    if (!is_half_) return true;
    if (hour_ < 1 || hour_ > 12) return false;
    hour_ = hour_ % 12 + (is_afternoon_ ? 12 : 0);
    return true;
  }

  std::string_view text_;
  int year_ = -1;
  int month_ = -1;
  int day_ = -1;
  int year_day_ = -1;
  int hour_ = 0;
  int minute_ = 0;
  int second_ = 0;
  bool is_half_ = false;
  bool is_afternoon_ = false;
  bool has_offset_ = false;
  minutes offset_{0};
};

}  // namespace

TimePattern::TimePattern(const SqlCall& call, size_t argument) : call_name_(call.name()) {
  constexpr size_t kLongest = 1000;
  const std::string_view text = call.text(argument);
  if (text.size() > kLongest) throw call.wrong(argument, "is a pattern of more than 1000 bytes");
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      pattern_ += text[i];
      continue;
    }
    const char code = i + 1 < text.size() ? text[++i] : '\0';
    const std::string_view several = expansion(code);
    if (!several.empty()) {
      pattern_ += several;
    } else if (code != '\0' && kCodes.find(code) != std::string_view::npos) {
      pattern_ += '%';
      pattern_ += code;
    } else {
      throw call.wrong(argument, "has the unknown code '%" +
                                     std::string(code == '\0' ? 0 : 1, code) +
                                     "'; %% stands for a percent sign");
    }
  }
}

void TimePattern::append(std::string& out, const Moment& moment, const TimeZone* zone) const {
  const seconds offset = zone == nullptr ? seconds(0) : zone->period_at(moment.time).offset;
  const Parts parts(zone == nullptr ? moment.time : to_local(moment, *zone).time, offset);
  for (size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] != '%') {
      out += pattern_[i];
      continue;
    }
    const char code = pattern_[++i];
    is_date_code(code) ? append_date_code(out, code, parts) : append_clock_code(out, code, parts);
  }
}

std::optional<Moment> TimePattern::read(std::string_view text, const TimeZone* zone) const {
  PatternReader reader(text);
  for (size_t i = 0; i < pattern_.size(); ++i) {
    if (pattern_[i] != '%') {
      if (!reader.take(pattern_[i])) return std::nullopt;
      continue;
    }
    const char code = pattern_[++i];
    if (std::string_view("QVCGguw").find(code) != std::string_view::npos) {
      throw Error(ErrorCode::kInvalid,
                  call_name_ + "(): the code '%" + std::string(1, code) + "' can't be read back");
    }
    if (!reader.take_code(code)) return std::nullopt;
  }
  return reader.result(zone);
}

}  // namespace sluice

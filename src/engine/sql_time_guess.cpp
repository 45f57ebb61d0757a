#include "engine/sql_time_guess.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"

namespace sluice {

const std::string_view kMonthNames[12] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
const std::string_view kWeekdayNames[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// 1 and up for one of the names or its first three letters; 0 for none.
template <size_t kCount>
int place_of(std::string_view word, const std::string_view (&names)[kCount]) {
  const std::string lower = ascii_lower(word);
  for (size_t i = 0; i < kCount; ++i) {
    const std::string name = ascii_lower(names[i]);
    if (lower == name || lower == name.substr(0, 3)) return static_cast<int>(i) + 1;
  }
  return 0;
}

/// Puts a date together from the parts of a text, in whatever order they come.
class Guess {
 public:
  explicit Guess(std::string_view text) : text_(text) {}

  std::optional<Moment> read(const TimeZone* zone) {
    while (!failed_ && at_ < text_.size()) take_part();
    if (failed_ || !year_) return std::nullopt;
    const auto date = std::chrono::year(*year_) /
                      std::chrono::month(static_cast<unsigned>(month_.value_or(1))) /
                      std::chrono::day(static_cast<unsigned>(day_.value_or(1)));
    if (!date.ok() || *year_ < 1 || !apply_half()) return std::nullopt;
    Timestamp time = sys_days(date) + seconds(clock_.value_or(seconds(0))) + fraction_;
    if (offset_) {
      time -= *offset_;
    } else if (zone != nullptr) {
      time = from_local(time, *zone);
    }
    if (!in_calendar(time)) return std::nullopt;
    return Moment{time, true, digits_};
  }

 private:
  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  std::string_view run(bool (*in)(char)) {
    const size_t begin = at_;
    while (at_ < text_.size() && in(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  static int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }
  template <typename Value>
  void put(std::optional<Value>& part, Value value) {
    failed_ |= part.has_value();
    part = value;
  }

  void take_part() {
    const char c = peek();
    if (is_digit(c)) return take_number();
    if (is_letter(c)) return take_word();
    const bool is_sign = c == '+' || (c == '-' && is_digit(peek(1)));
    if (is_sign && clock_) return take_offset(c == '-');
    if (c != ' ' && c != ',' && c != '-' && c != '/' && c != '.') failed_ = true;
    ++at_;
  }

  void take_number() {
    const std::string_view digits = run(is_digit);
    if (digits.size() <= 2 && peek() == ':') return take_clock(number(digits));
    switch (digits.size()) {
      case 14:
      case 12:
        take_date_digits(digits.substr(0, 8));
        return take_clock_digits(digits.substr(8));
      case 8:
        return take_date_digits(digits);
      case 6:
        if (year_) return take_clock_digits(digits);
        put(year_, number(digits.substr(0, 4)));
        return put(month_, number(digits.substr(4)));
      case 4:
        return take_year(number(digits));
      case 1:
      case 2:
        return take_day(number(digits));
      default:
        failed_ = true;
    }
  }

  bool at_separator() const { return peek() == '-' || peek() == '/' || peek() == '.'; }

  /// Behind a year come month and day, where they are numbers joined to it.
  void take_year(int value) {
    put(year_, value);
    for (std::optional<int>* part : {&month_, &day_}) {
      if (!at_separator() || !is_digit(peek(1)) || *part) return;
      ++at_;
      const std::string_view digits = run(is_digit);
      if (digits.size() > 2) failed_ = true;
      put(*part, number(digits));
    }
  }

  /// `5`, `05/01`, `05/01/2024`: the day comes first.
  void take_day(int value) {
    put(day_, value);
    if (!at_separator() || !is_digit(peek(1))) return;
    ++at_;
    const std::string_view month = run(is_digit);
    if (month.size() > 2) failed_ = true;
    put(month_, number(month));
    if (!at_separator() || !is_digit(peek(1))) return;
    ++at_;
    const std::string_view digits = run(is_digit);
    if (digits.size() != 2 && digits.size() != 4) failed_ = true;
    const int in_year = number(digits);
    put(year_, digits.size() == 4 ? in_year : in_year + (in_year < 70 ? 2000 : 1900));
  }

  void take_date_digits(std::string_view digits) {
    put(year_, number(digits.substr(0, 4)));
    put(month_, number(digits.substr(4, 2)));
    put(day_, number(digits.substr(6, 2)));
  }

  void take_clock_digits(std::string_view digits) {
    const int second = digits.size() == 6 ? number(digits.substr(4)) : 0;
    put_clock(number(digits.substr(0, 2)), number(digits.substr(2, 2)), second);
  }

  void put_clock(int hour, int minute, int second) {
    failed_ |= hour > 23 || minute > 59 || second > 59;
    put(clock_, seconds(hours(hour) + minutes(minute) + seconds(second)));
  }

  void take_clock(int hour) {
    ++at_;
    const int minute = number(run(is_digit));
    int second = 0;
    if (peek() == ':') {
      ++at_;
      second = number(run(is_digit));
    }
    put_clock(hour, minute, second);
    if (peek() != '.' || !is_digit(peek(1))) return;
    ++at_;
    std::string digits(run(is_digit));
    digits_ = static_cast<int>(std::min<size_t>(digits.size(), 6));
    digits.resize(6, '0');
    fraction_ = std::chrono::microseconds(number(digits));
  }

  void take_offset(bool behind) {
    ++at_;
    const std::string_view digits = run(is_digit);
    int minute = 0;
    if (digits.size() == 4) {
      minute = number(digits.substr(2));
    } else if (digits.size() != 2) {
      failed_ = true;
    } else if (peek() == ':') {
      ++at_;
      minute = number(run(is_digit));
    }
    const minutes ahead = hours(number(digits.substr(0, 2))) + minutes(minute);
    failed_ |= ahead > hours(24);
    put(offset_, behind ? -ahead : ahead);
  }

  void take_word() {
    const std::string_view word = run(is_letter);
    const std::string lower = ascii_lower(word);
    if (lower == "am" || lower == "pm") return put(is_afternoon_, lower == "pm");
    if (lower == "z" || lower == "utc" || lower == "gmt") return put(offset_, minutes(0));
    if (lower == "t" && is_digit(peek())) return;
    if (const int month = month_of_name(word)) return put(month_, month);
    failed_ |= place_of(word, kWeekdayNames) == 0;
  }

  /// Of the day: 12 AM is midnight.
  bool apply_half() {
    if (!is_afternoon_) return true;
    if (!clock_ || *clock_ >= hours(13)) return false;
    if (*clock_ >= hours(12)) *clock_ -= hours(12);
    if (*is_afternoon_) *clock_ += hours(12);
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool failed_ = false;
  std::optional<int> year_;
  std::optional<int> month_;
  std::optional<int> day_;
  std::optional<seconds> clock_;
  std::chrono::microseconds fraction_{0};
  int digits_ = 0;
  std::optional<bool> is_afternoon_;
  std::optional<minutes> offset_;
};

/// Seconds have nine or ten digits (1973 to 2286), milliseconds thirteen, microseconds sixteen.
std::optional<Moment> read_unix_digits(std::string_view text) {
  int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  using std::chrono::microseconds;
  switch (text.size()) {
    case 9:
    case 10:
      return Moment{Timestamp(seconds(value)), true, 0};
    case 13:
      return Moment{Timestamp(std::chrono::milliseconds(value)), true, 3};
    case 16:
      return Moment{Timestamp(microseconds(value)), true, 6};
    default:
      return std::nullopt;
  }
}

}  // namespace

int month_of_name(std::string_view word) { return place_of(word, kMonthNames); }

std::optional<Moment> guess_moment(std::string_view text, const TimeZone* zone) {
  constexpr size_t kLongest = 100;
  text = trim(text);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (const auto moment = read_unix_digits(text)) return moment;
  return Guess(text).read(zone);
}

}  // namespace sluice

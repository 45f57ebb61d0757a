#include "engine/sql_moment.h"

#include <array>
#include <cmath>

#include "base/encoding.h"

namespace sluice {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr Timestamp kBegin = sys_days(year(1) / 1 / 1);
constexpr Timestamp kEnd = sys_days(year(10000) / 1 / 1);
constexpr int kDigitsKept = 6;
constexpr int kMostDigits = 9;
constexpr size_t kDateBytes = 10;

struct UnitName {
  std::string_view name;
  TimeUnit unit;
};
/// Those of ClickHouse's dateDiff, without the plural.
constexpr std::array<UnitName, 32> kUnitNames = {{{"nanosecond", TimeUnit::kNanosecond},
                                                  {"ns", TimeUnit::kNanosecond},
                                                  {"microsecond", TimeUnit::kMicrosecond},
                                                  {"us", TimeUnit::kMicrosecond},
                                                  {"u", TimeUnit::kMicrosecond},
                                                  {"millisecond", TimeUnit::kMillisecond},
                                                  {"ms", TimeUnit::kMillisecond},
                                                  {"second", TimeUnit::kSecond},
                                                  {"ss", TimeUnit::kSecond},
                                                  {"s", TimeUnit::kSecond},
                                                  {"minute", TimeUnit::kMinute},
                                                  {"mi", TimeUnit::kMinute},
                                                  {"n", TimeUnit::kMinute},
                                                  {"hour", TimeUnit::kHour},
                                                  {"hh", TimeUnit::kHour},
                                                  {"h", TimeUnit::kHour},
                                                  {"day", TimeUnit::kDay},
                                                  {"dd", TimeUnit::kDay},
                                                  {"d", TimeUnit::kDay},
                                                  {"week", TimeUnit::kWeek},
                                                  {"wk", TimeUnit::kWeek},
                                                  {"ww", TimeUnit::kWeek},
                                                  {"w", TimeUnit::kWeek},
                                                  {"month", TimeUnit::kMonth},
                                                  {"mm", TimeUnit::kMonth},
                                                  {"m", TimeUnit::kMonth},
                                                  {"quarter", TimeUnit::kQuarter},
                                                  {"qq", TimeUnit::kQuarter},
                                                  {"q", TimeUnit::kQuarter},
                                                  {"year", TimeUnit::kYear},
                                                  {"yyyy", TimeUnit::kYear},
                                                  {"yy", TimeUnit::kYear}}};

/// Takes a text from its beginning; once something is missing, all is.
class MomentReader {
 public:
  explicit MomentReader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool failed() const { return failed_; }
  bool next_is(char c) const { return !text_.empty() && text_.front() == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void need(char c) { failed_ |= !take(c); }
  int number(size_t width) {
    int value = 0;
    for (size_t i = 0; i < width; ++i) {
      if (i >= text_.size() || text_[i] < '0' || text_[i] > '9') {
        failed_ = true;
        return 0;
      }
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(width);
    return value;
  }
  /// A run of digits as microseconds; how many there were.
  int fraction(int64_t& micros) {
    int digits = 0;
    micros = 0;
    for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; ++digits) {
      if (digits < kDigitsKept) micros = micros * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    failed_ |= digits == 0 || digits > kMostDigits;
    for (int i = digits; i < kDigitsKept; ++i) micros *= 10;
    return digits;
  }

 private:
  std::string_view text_;
  bool failed_ = false;
};

minutes take_offset(MomentReader& reader) {
  if (reader.take('Z')) return minutes(0);
  const bool ahead = reader.take('+');
  if (!ahead && !reader.take('-')) return minutes(0);
  const int hour = reader.number(2);
  reader.take(':');
  const minutes offset(hour * 60 + reader.number(2));
  return ahead ? offset : -offset;
}

}  // namespace

std::optional<TimeUnit> read_time_unit(std::string_view text) {
  std::string word = ascii_lower(trim(text));
  if (word.size() > 3 && word.ends_with('s')) word.pop_back();
  for (const UnitName& line : kUnitNames) {
    if (line.name == word) return line.unit;
  }
  return std::nullopt;
}

TimeUnit unit_argument(const SqlCall& call, size_t i) {
  const std::optional<TimeUnit> unit = read_time_unit(call.text(i));
  if (unit) return *unit;
  throw call.wrong(i,
                   "is no unit; there are nanosecond, microsecond, millisecond, second, minute, "
                   "hour, day, week, month, quarter and year");
}

std::optional<Moment> read_moment(std::string_view text) {
  MomentReader reader(text);
  const year in_year(reader.number(4));
  reader.need('-');
  const auto month = static_cast<unsigned>(reader.number(2));
  reader.need('-');
  const auto day = static_cast<unsigned>(reader.number(2));
  const auto date = in_year / std::chrono::month(month) / std::chrono::day(day);
  if (reader.failed() || !date.ok() || in_year < year(1)) return std::nullopt;
  Moment moment{sys_days(date), false, 0};
  if (reader.at_end()) return moment;
  moment.has_time = true;
  if (!reader.take(' ')) reader.need('T');
  const int hour = reader.number(2);
  reader.need(':');
  const int minute = reader.number(2);
  const int second = reader.take(':') ? reader.number(2) : 0;
  int64_t micros = 0;
  if (reader.take('.')) moment.digits = reader.fraction(micros);
  const minutes offset = take_offset(reader);
  if (reader.failed() || !reader.at_end() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  moment.time += hours(hour) + minutes(minute) + seconds(second) + microseconds(micros) - offset;
  if (!in_calendar(moment.time)) return std::nullopt;
  return moment;
}

std::optional<Moment> moment_of_seconds(double number, int digits) {
  // Beyond this no date is; also keeps what follows within 64 bits.
  constexpr double kBeyond = 1e12;
  if (!(std::abs(number) < kBeyond)) return std::nullopt;
  const double whole = std::floor(number);
  // To the microsecond nearest to it; what of it is kept is cut, as ClickHouse does.
  const auto micros = static_cast<int64_t>(std::llround((number - whole) * 1e6));
  const Timestamp time(seconds(static_cast<int64_t>(whole)) + microseconds(micros));
  if (!in_calendar(time)) return std::nullopt;
  return Moment{time, true, digits};
}

Moment moment_argument(const SqlCall& call, size_t i) {
  if (call.is_number(i)) {
    const double number = call.real(i);
    const bool whole = call.type(i) == SQLITE_INTEGER || number == std::floor(number);
    if (const auto moment = moment_of_seconds(number, whole ? 0 : kDigitsKept)) return *moment;
    throw call.wrong(i, "is no time: seconds since 1970 end with the year 9999");
  }
  if (const auto moment = read_moment(call.text(i))) return *moment;
  throw call.wrong(i, "is no date or time; write YYYY-MM-DD or YYYY-MM-DD HH:MM:SS");
}

Moment local_argument(const SqlCall& call, size_t i, const TimeZone* zone) {
  const Moment moment = moment_argument(call, i);
  return zone == nullptr ? moment : to_local(moment, *zone);
}

Moment to_local(const Moment& moment, const TimeZone& zone) {
  if (!moment.has_time) return moment;
  Moment local = moment;
  local.time += zone.period_at(moment.time).offset;
  return local;
}

Timestamp from_local(Timestamp local, const TimeZone& zone) {
  const auto minute = std::chrono::floor<minutes>(local);
  const std::optional<Timestamp> first =
      zone.first_moment_of(LocalMinute(minute.time_since_epoch()));
  // A day that a zone has left out: what its clocks showed just before it.
  if (!first) return local - zone.period_at(local).offset;
  return *first + (local - minute);
}

bool in_calendar(Timestamp time) { return time >= kBegin && time < kEnd; }

void append_padded(std::string& out, int64_t value, size_t width) {
  const size_t begin = out.size();
  out.append(width, '0');
  for (size_t at = out.size(); value > 0 && at > begin; value /= 10) {
    out[--at] = static_cast<char>('0' + value % 10);
  }
}

void append_moment(std::string& out, const Moment& moment) {
  const auto day = std::chrono::floor<days>(moment.time);
  const std::chrono::year_month_day date(day);
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  if (!moment.has_time) return;
  const int64_t micros = (moment.time - day).count();
  const int64_t second = micros / 1'000'000;
  out += ' ';
  append_padded(out, second / 3600, 2);
  out += ':';
  append_padded(out, second / 60 % 60, 2);
  out += ':';
  append_padded(out, second % 60, 2);
  if (moment.digits == 0) return;
  out += '.';
  const size_t begin = out.size();
  append_padded(out, micros % 1'000'000, kDigitsKept);
  out.resize(begin + static_cast<size_t>(moment.digits), '0');
}

void give_moment(const SqlCall& call, const Moment& moment) {
  if (!in_calendar(moment.time)) throw call.failed("the result is not in the years 1 to 9999");
  std::string text;
  text.reserve(kDateBytes * 3);
  append_moment(text, moment);
  call.give_text(text);
}

}  // namespace sluice

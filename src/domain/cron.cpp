#include "domain/cron.h"

#include <array>
#include <bit>
#include <span>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::array<std::string_view, 12> kMonthNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdayNames = {"sun", "mon", "tue", "wed",
                                                           "thu", "fri", "sat"};

/// A field of the expression: its values, and the names that stand for them.
struct Field {
  std::string_view title;
  unsigned first;
  unsigned last;  ///< Of `*` and of `a/n`.
  unsigned most;  ///< The largest value that may be written.
  std::span<const std::string_view> names;
  std::string_view allowed;
};

const std::array<Field, 5> kFields = {{
    {"minute", 0, 59, 59, {}, "0-59"},
    {"hour", 0, 23, 23, {}, "0-23"},
    {"day-of-month", 1, 31, 31, {}, "1-31"},
    {"month", 1, 12, 12, kMonthNames, "1-12 or JAN-DEC"},
    {"day-of-week", 0, 6, 7, kWeekdayNames, "0-7 (0 and 7 are Sunday) or SUN-SAT"},
}};
enum FieldIndex { kMinute, kHour, kMonthDay, kMonth, kWeekday };

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kMacros = {{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
}};

constexpr size_t kTextBytes = 512;
constexpr std::chrono::year kLastYear{9999};

/// The text as an error message may show it: printable, not endless.
std::string shown(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 80)) out += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > 80 ? out + "..." : out;
}

Error bad_field(const Field& field, std::string_view part, const std::string& what) {
  return {ErrorCode::kInvalid,
          "The " + std::string(field.title) + " field of the schedule " + what + ": '" +
              shown(part) + "'.",
          "Allowed there: " + std::string(field.allowed) +
              ", ranges (a-b), steps (*/n, a-b/n) and lists (a,b)."};
}

std::optional<unsigned> read_number(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

unsigned read_value(const Field& field, std::string_view text, std::string_view part) {
  const std::string name = ascii_lower(text);
  for (size_t i = 0; i < field.names.size(); ++i) {
    if (name == field.names[i]) return field.first + static_cast<unsigned>(i);
  }
  const std::optional<unsigned> value = read_number(text);
  if (!value) throw bad_field(field, part, "holds something that is no value");
  if (*value < field.first || *value > field.most) {
    throw bad_field(field, part, "holds a value that is out of range");
  }
  return *value;
}

unsigned read_step(const Field& field, std::string_view text, std::string_view part) {
  const std::optional<unsigned> step = read_number(text);
  const unsigned most = field.last - field.first + 1;
  if (!step || *step == 0 || *step > most) {
    throw bad_field(field, part, "needs a step from 1 to " + std::to_string(most));
  }
  return *step;
}

/// One element of a list as bits.
uint64_t read_part(const Field& field, std::string_view part) {
  std::string_view range = part;
  unsigned step = 1;
  const size_t slash = part.find('/');
  if (slash != std::string_view::npos) {
    range = part.substr(0, slash);
    step = read_step(field, part.substr(slash + 1), part);
  }
  unsigned low = field.first;
  unsigned high = field.last;
  if (range != "*") {
    const size_t dash = range.find('-');
    low = read_value(field, range.substr(0, dash), part);
    if (dash != std::string_view::npos) {
      high = read_value(field, range.substr(dash + 1), part);
      if (field.most == 7 && high == 0 && low > 0) high = 7;
    } else if (slash == std::string_view::npos || low > field.last) {
      high = low;
    }
    if (low > high) {
      throw bad_field(field, part, "holds a range that ends before it starts (split it in two)");
    }
  }
  uint64_t bits = 0;
  for (unsigned value = low; value <= high; value += step) {
    bits |= uint64_t{1} << (field.most == 7 ? value % 7 : value);
  }
  return bits;
}

uint64_t read_field(const Field& field, std::string_view text) {
  uint64_t bits = 0;
  for (size_t start = 0; start <= text.size();) {
    const size_t comma = std::min(text.find(',', start), text.size());
    bits |= read_part(field, text.substr(start, comma - start));
    start = comma + 1;
  }
  return bits;
}

std::vector<std::string_view> split_fields(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  std::vector<std::string_view> fields;
  for (size_t at = text.find_first_not_of(kSpace); at != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kSpace, at), text.size());
    fields.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kSpace, end);
  }
  return fields;
}

std::string_view expand_macro(std::string_view text) {
  if (!text.starts_with('@')) return text;
  const std::string name = ascii_lower(text);
  for (const auto& [macro, expression] : kMacros) {
    if (name == macro) return expression;
  }
  throw Error(ErrorCode::kInvalid, "The schedule '" + shown(text) + "' is not known.",
              "Use five cron fields or one of @hourly, @daily, @midnight, @weekly, @monthly, "
              "@yearly, @annually, @once, @on-demand.");
}

/// Whether some month of the set is ever long enough for some day of the set.
bool some_date_exists(uint32_t months, uint32_t month_days) {
  constexpr std::array<unsigned, 13> kLongest = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto first_day = static_cast<unsigned>(std::countr_zero(month_days));
  for (unsigned month = 1; month <= 12; ++month) {
    if ((months >> month & 1) != 0 && first_day <= kLongest[month]) return true;
  }
  return false;
}

/// `bits` without those below `from`.
template <class Bits>
Bits at_or_after(Bits bits, unsigned from) {
  return bits >> from << from;
}

}  // namespace

CronExpression CronExpression::parse(std::string_view text) {
  CronExpression cron;
  const std::string_view trimmed = trim(text);
  const std::vector<std::string_view> fields =
      split_fields(trimmed.size() > kTextBytes ? std::string_view{} : expand_macro(trimmed));
  if (fields.size() != kFields.size()) {
    throw Error(ErrorCode::kInvalid,
                "The schedule '" + shown(trimmed) + "' is not made of five fields.",
                "Write minute, hour, day of month, month and day of week, for example "
                "'0 */1 * * *'.");
  }
  auto bits = [&](FieldIndex index) {
    return read_field(kFields[static_cast<size_t>(index)], fields[static_cast<size_t>(index)]);
  };
  cron.text_ = trimmed;
  cron.minutes_ = bits(kMinute);
  cron.hours_ = static_cast<uint32_t>(bits(kHour));
  cron.month_days_ = static_cast<uint32_t>(bits(kMonthDay));
  cron.months_ = static_cast<uint32_t>(bits(kMonth));
  cron.weekdays_ = static_cast<uint32_t>(bits(kWeekday));
  cron.either_day_ = !fields[kMonthDay].starts_with('*') && !fields[kWeekday].starts_with('*');
  if (!cron.either_day_ && !some_date_exists(cron.months_, cron.month_days_)) {
    throw Error(ErrorCode::kInvalid,
                "The schedule '" + shown(trimmed) + "' never comes: no such month has that day.",
                "Change the day-of-month or the month field.");
  }
  return cron;
}

uint32_t CronExpression::days_in(std::chrono::year_month month) const {
  const auto last = static_cast<unsigned>((month / std::chrono::last).day());
  const unsigned first_weekday = std::chrono::weekday(local_days(month / 1)).c_encoding();
  uint32_t by_weekday = 0;
  for (unsigned day = 1; day <= last; ++day) {
    by_weekday |= (weekdays_ >> ((first_weekday + day - 1) % 7) & 1) << day;
  }
  const auto real_days = static_cast<uint32_t>((uint64_t{1} << (last + 1)) - 2);
  return (either_day_ ? month_days_ | by_weekday : month_days_ & by_weekday) & real_days;
}

std::optional<local_days> CronExpression::next_day(local_days from) const {
  const std::chrono::year_month_day date(from);
  std::chrono::year_month month = date.year() / date.month();
  auto first = static_cast<unsigned>(date.day());
  for (; month.year() <= kLastYear; month += std::chrono::months(1), first = 1) {
    if ((months_ >> static_cast<unsigned>(month.month()) & 1) == 0) continue;
    const uint32_t found = at_or_after(days_in(month), first);
    if (found == 0) continue;
    return local_days(month / std::chrono::day(static_cast<unsigned>(std::countr_zero(found))));
  }
  return std::nullopt;
}

std::optional<minutes> CronExpression::next_in_day(minutes from) const {
  auto hour = static_cast<unsigned>(from.count() / 60);
  const auto minute = static_cast<unsigned>(from.count() % 60);
  if ((hours_ >> hour & 1) != 0) {
    const uint64_t found = at_or_after(minutes_, minute);
    if (found != 0) return minutes(hour * 60) + minutes(std::countr_zero(found));
  }
  const uint32_t found = at_or_after(hours_, hour + 1);
  if (found == 0) return std::nullopt;
  return minutes(std::countr_zero(found) * 60) + minutes(std::countr_zero(minutes_));
}

std::optional<LocalMinute> CronExpression::next_local(LocalMinute from) const {
  // Beyond these the calendar types would overflow.
  constexpr LocalMinute kFirst = local_days(std::chrono::year(1) / 1 / 1);
  constexpr LocalMinute kEnd = local_days((kLastYear + std::chrono::years(1)) / 1 / 1);
  if (from >= kEnd) return std::nullopt;
  from = std::max(from, kFirst);
  const auto today = std::chrono::floor<days>(from);
  std::optional<local_days> day = next_day(today);
  if (day == today) {
    const std::optional<minutes> time = next_in_day(from - today);
    if (time) return today + *time;
    day = next_day(today + days(1));
  }
  if (!day) return std::nullopt;
  // Both fields hold at least one value, so midnight always finds one.
  return *day + *next_in_day(minutes(0));
}

std::optional<Timestamp> CronExpression::next_after(Timestamp time) const {
  const auto minute = std::chrono::floor<minutes>(time.time_since_epoch()) + minutes(1);
  const std::optional<LocalMinute> next = next_local(LocalMinute(minute));
  if (!next) return std::nullopt;
  return Timestamp(next->time_since_epoch());
}

ScheduleRequest parse_schedule(std::string_view text) {
  const std::string lower = ascii_lower(trim(text));
  if (lower.empty() || lower == "none" || lower == "@on-demand") return {};
  if (lower == "@once") return {ScheduleRequest::Kind::kOnce, std::nullopt};
  return {ScheduleRequest::Kind::kCron, CronExpression::parse(text)};
}

}  // namespace sluice

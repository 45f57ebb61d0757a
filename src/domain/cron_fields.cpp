#include "domain/cron_fields.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

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
    {"day-of-month", 1, 31, 31, {}, "1-31 or L (the last)"},
    {"month", 1, 12, 12, kMonthNames, "1-12 or JAN-DEC"},
    {"day-of-week", 0, 6, 7, kWeekdayNames,
     "0-7 (0 and 7 are Sunday) or SUN-SAT, 5#2 (the second Friday), 5L (the last)"},
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

Error bad_field(const Field& field, std::string_view part, const std::string& what) {
  return {ErrorCode::kInvalid,
          "The " + std::string(field.title) + " field of the schedule " + what + ": '" +
              shown_schedule(part) + "'.",
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

/// Calls `each` with every element of the list.
template <class Each>
void for_parts(std::string_view text, Each each) {
  for (size_t start = 0; start <= text.size();) {
    const size_t comma = std::min(text.find(',', start), text.size());
    each(text.substr(start, comma - start));
    start = comma + 1;
  }
}

uint64_t read_field(const Field& field, std::string_view text) {
  uint64_t bits = 0;
  for_parts(text, [&](std::string_view part) { bits |= read_part(field, part); });
  return bits;
}

void read_month_days(CronFields& fields, std::string_view text) {
  for_parts(text, [&](std::string_view part) {
    if (part == "L" || part == "l") {
      fields.last_day = true;
    } else {
      fields.month_days |= static_cast<uint32_t>(read_part(kFields[kMonthDay], part));
    }
  });
}

/// `5#2` or `5L`; false where the element is neither.
bool read_weekday_of_month(CronFields& fields, std::string_view part) {
  const Field& field = kFields[kWeekday];
  const size_t hash = part.find('#');
  if (hash != std::string_view::npos) {
    const std::optional<unsigned> nth = read_number(part.substr(hash + 1));
    if (!nth || *nth < 1 || *nth > 5) {
      throw bad_field(field, part, "needs a number from 1 to 5 after #");
    }
    fields.nth_weekdays[*nth] |= 1U << (read_value(field, part.substr(0, hash), part) % 7);
    return true;
  }
  if (part.empty() || (part.back() != 'L' && part.back() != 'l')) return false;
  if (part.size() == 1) throw bad_field(field, part, "needs a weekday before L");
  part.remove_suffix(1);
  fields.last_weekdays |= 1U << (read_value(field, part, part) % 7);
  return true;
}

void read_weekdays(CronFields& fields, std::string_view text) {
  for_parts(text, [&](std::string_view part) {
    if (read_weekday_of_month(fields, part)) return;
    fields.weekdays |= static_cast<uint32_t>(read_part(kFields[kWeekday], part));
  });
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
  throw Error(ErrorCode::kInvalid, "The schedule '" + shown_schedule(text) + "' is not known.",
              "Use five cron fields or one of @hourly, @daily, @midnight, @weekly, @monthly, "
              "@yearly, @annually, @once, @on-demand.");
}

}  // namespace

std::string shown_schedule(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 80)) out += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > 80 ? out + "..." : out;
}

CronFields parse_cron_fields(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const std::vector<std::string_view> parts =
      split_fields(trimmed.size() > kTextBytes ? std::string_view{} : expand_macro(trimmed));
  if (parts.size() != kFields.size()) {
    throw Error(ErrorCode::kInvalid,
                "The schedule '" + shown_schedule(trimmed) + "' is not made of five fields.",
                "Write minute, hour, day of month, month and day of week, for example "
                "'0 */1 * * *'.");
  }
  CronFields fields;
  fields.minutes = read_field(kFields[kMinute], parts[kMinute]);
  fields.hours = static_cast<uint32_t>(read_field(kFields[kHour], parts[kHour]));
  read_month_days(fields, parts[kMonthDay]);
  fields.months = static_cast<uint32_t>(read_field(kFields[kMonth], parts[kMonth]));
  read_weekdays(fields, parts[kWeekday]);
  fields.any_minute = parts[kMinute].starts_with('*');
  fields.any_hour = parts[kHour].starts_with('*');
  fields.any_month_day = parts[kMonthDay].starts_with('*');
  fields.any_weekday = parts[kWeekday].starts_with('*');
  return fields;
}

}  // namespace sluice

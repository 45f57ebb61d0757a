#include "intake/parquet_text.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json_reader.h"
#include "base/limits.h"
#include "data/json_text.h"
#include "data/value_text.h"
#include "intake/parquet_decimal.h"

namespace sluice {
namespace {

constexpr int64_t kSecondsPerDay = 86400;

int64_t floor_div(int64_t number, int64_t by) { return number / by - (number % by < 0 ? 1 : 0); }

int64_t power_of_ten(int digits) {
  int64_t power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

/// At least `digits` of them.
void append_padded(std::string& out, int64_t number, size_t digits) {
  char text[kNumberBytes];
  const auto size = static_cast<size_t>(write_integer(text, number) - text);
  for (size_t i = size; i < digits; ++i) out += '0';
  out.append(text, size);
}

void append_two(std::string& out, int64_t number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

/// The calendar repeats itself every 400 years, of which the library knows some.
void append_date(std::string& out, int64_t days) {
  using std::chrono::sys_days;
  constexpr int64_t kCycle = 146097;
  constexpr sys_days kBase = std::chrono::January / 1 / 2000;
  const int64_t since = days - kBase.time_since_epoch().count();
  const int64_t cycle = floor_div(since, kCycle);
  const auto rest = static_cast<int>(since - cycle * kCycle);
  const std::chrono::year_month_day date(kBase + std::chrono::days(rest));
  const int64_t year = static_cast<int>(date.year()) + 400 * cycle;
  if (year < 0) out += '-';
  if (year > 9999) out += '+';
  append_padded(out, std::abs(year), 4);
  out += '-';
  append_two(out, static_cast<unsigned>(date.month()));
  out += '-';
  append_two(out, static_cast<unsigned>(date.day()));
}

void append_fraction(std::string& out, int64_t fraction, int digits) {
  if (fraction == 0) return;
  out += '.';
  append_padded(out, fraction, static_cast<size_t>(digits));
}

/// `units` of 10^-scale seconds, not negative.
void append_clock(std::string& out, int64_t units, int scale) {
  const int64_t per_second = power_of_ten(scale);
  const int64_t seconds = units / per_second;
  append_padded(out, seconds / 3600, 2);
  out += ':';
  append_two(out, seconds / 60 % 60);
  out += ':';
  append_two(out, seconds % 60);
  append_fraction(out, units % per_second, scale);
}

void append_timestamp(std::string& out, int64_t units, int scale) {
  const int64_t per_day = kSecondsPerDay * power_of_ten(scale);
  const int64_t day = floor_div(units, per_day);
  append_date(out, day);
  out += ' ';
  append_clock(out, units - day * per_day, scale);
}

/// A time of day has none of these; whoever reads it sees them.
void append_time(std::string& out, int64_t units, int scale) {
  if (units == std::numeric_limits<int64_t>::min()) ++units;
  if (units < 0) out += '-';
  append_clock(out, std::abs(units), scale);
}

/// Impala's timestamps: nanoseconds of the day, and days that begin with the Julian calendar's.
void append_int96(std::string& out, const char* bytes) {
  constexpr int64_t kJulianDayOf1970 = 2440588;
  constexpr int64_t kNanosPerDay = kSecondsPerDay * 1000000000;
  int64_t nanos = 0;
  int32_t julian = 0;
  std::memcpy(&nanos, bytes, sizeof nanos);
  std::memcpy(&julian, bytes + sizeof nanos, sizeof julian);
  const int64_t days = floor_div(nanos, kNanosPerDay);
  append_date(out, julian - kJulianDayOf1970 + days);
  out += ' ';
  append_clock(out, nanos - days * kNanosPerDay, 9);
}

void append_uuid(std::string& out, std::string_view bytes) {
  const std::string hex = hex_encode(bytes);
  for (size_t i = 0; i < hex.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += hex[i];
  }
}

void append_interval(std::string& out, const char* bytes) {
  uint32_t parts[3];
  std::memcpy(parts, bytes, sizeof parts);
  out += 'P';
  append_integer(out, parts[0]);
  out += 'M';
  append_integer(out, parts[1]);
  out += "DT";
  append_integer(out, parts[2] / 1000);
  append_fraction(out, parts[2] % 1000, 3);
  out += 'S';
}

/// IEEE 754's binary16: a sign, 5 bits of an exponent, 10 of a fraction.
double half_value(const char* bytes) {
  uint16_t bits = 0;
  std::memcpy(&bits, bytes, sizeof bits);
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 31) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  }
  return sign * std::ldexp(fraction + 1024, exponent - 25);
}

/// The bits of an INT32 have its sign in front of them.
uint64_t unsigned_value(const ParquetNode& leaf, const ParquetValue& value) {
  const auto bits = static_cast<uint64_t>(value.integer);
  return leaf.type == ParquetType::kInt32 ? static_cast<uint32_t>(bits) : bits;
}

void append_unsigned(std::string& out, uint64_t value) {
  char text[kNumberBytes];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

/// A float in the fewest digits that are the same float, not the double that it is widened to.
void append_leaf_real(std::string& out, const ParquetNode& leaf, double value) {
  if (leaf.type != ParquetType::kFloat || !std::isfinite(value)) return append_real(out, value);
  char text[kNumberBytes];
  const char* const end = std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr;
  const std::string_view digits(text, static_cast<size_t>(end - text));
  out += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_json_real(std::string& out, const ParquetNode& leaf, double value) {
  if (!std::isfinite(value)) {
    out += "null";
  } else {
    append_leaf_real(out, leaf, value);
  }
}

void append_decimal(std::string& out, const ParquetNode& leaf, const ParquetValue& value) {
  const bool number = leaf.type == ParquetType::kInt32 || leaf.type == ParquetType::kInt64;
  if (number) return append_decimal_text(out, value.integer, leaf.scale);
  append_decimal_text(out, value.view(), leaf.scale);
}

void check_size(const ParquetNode& leaf, std::string_view bytes) {
  if (bytes.size() <= limits::kValueBytes) return;
  throw Error(ErrorCode::kTooLarge,
              "A value of column '" + shown_name(leaf.name) + "' of the Parquet file has " +
                  std::to_string(bytes.size()) + " bytes; at most " +
                  std::to_string(limits::kValueBytes) + " are read.",
              "Leave it out, or split it.");
}

}  // namespace

void put_parquet_cell(Batch& batch, size_t column, const ParquetNode& leaf,
                      const ParquetValue& value) {
  switch (leaf.meaning) {
    case ParquetMeaning::kBoolean:
    case ParquetMeaning::kInteger:
      return batch.add_integer(column, value.integer);
    case ParquetMeaning::kUnsigned: {
      const uint64_t number = unsigned_value(leaf, value);
      if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) break;
      return batch.add_integer(column, static_cast<int64_t>(number));
    }
    case ParquetMeaning::kReal:
      return batch.add_real(column, value.real);
    case ParquetMeaning::kHalf:
      return batch.add_real(column, half_value(value.bytes));
    case ParquetMeaning::kText:
    case ParquetMeaning::kJson:
    case ParquetMeaning::kBytes:
      check_size(leaf, value.view());
      if (is_utf8(value.view())) return batch.add_text(column, value.view());
      return batch.add_blob(column, value.view());
    case ParquetMeaning::kUuid:
    case ParquetMeaning::kDate:
    case ParquetMeaning::kTime:
    case ParquetMeaning::kTimestamp:
    case ParquetMeaning::kInt96:
    case ParquetMeaning::kDecimal:
    case ParquetMeaning::kInterval:
      break;
  }
  std::string text;
  append_parquet_text(text, leaf, value);
  batch.add_text(column, text);
}

void append_parquet_text(std::string& out, const ParquetNode& leaf, const ParquetValue& value) {
  switch (leaf.meaning) {
    case ParquetMeaning::kBoolean:
      out += value.integer != 0 ? "true" : "false";
      return;
    case ParquetMeaning::kInteger:
      return append_integer(out, value.integer);
    case ParquetMeaning::kUnsigned:
      return append_unsigned(out, unsigned_value(leaf, value));
    case ParquetMeaning::kReal:
      return append_leaf_real(out, leaf, value.real);
    case ParquetMeaning::kHalf:
      return append_real(out, half_value(value.bytes));
    case ParquetMeaning::kText:
    case ParquetMeaning::kJson:
    case ParquetMeaning::kBytes:
      out += is_utf8(value.view()) ? std::string(value.view()) : hex_encode(value.view());
      return;
    case ParquetMeaning::kUuid:
      return append_uuid(out, value.view());
    case ParquetMeaning::kDate:
      return append_date(out, value.integer);
    case ParquetMeaning::kTime:
      return append_time(out, value.integer, leaf.scale);
    case ParquetMeaning::kTimestamp:
      append_timestamp(out, value.integer, leaf.scale);
      if (leaf.utc) out += 'Z';
      return;
    case ParquetMeaning::kInt96:
      return append_int96(out, value.bytes);
    case ParquetMeaning::kDecimal:
      return append_decimal(out, leaf, value);
    case ParquetMeaning::kInterval:
      return append_interval(out, value.bytes);
  }
}

void append_parquet_json(std::string& out, const ParquetNode& leaf, const ParquetValue& value) {
  switch (leaf.meaning) {
    case ParquetMeaning::kBoolean:
    case ParquetMeaning::kInteger:
    case ParquetMeaning::kUnsigned:
    case ParquetMeaning::kDecimal:
      return append_parquet_text(out, leaf, value);
    case ParquetMeaning::kReal:
      return append_json_real(out, leaf, value.real);
    case ParquetMeaning::kHalf:
      return append_json_real(out, leaf, half_value(value.bytes));
    case ParquetMeaning::kJson:
      if (!is_json(value.view())) break;
      out += value.view();
      return;
    case ParquetMeaning::kText:
    case ParquetMeaning::kBytes:
      if (!is_utf8(value.view())) break;
      return append_json_string(out, value.view());
    default:
      break;
  }
  std::string text;
  append_parquet_text(text, leaf, value);
  append_json_string(out, text);
}

}  // namespace sluice

#include "domain/data_value.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "domain/date_format.h"
#include "domain/decimal_text.h"
#include "domain/json_literal.h"
#include "domain/moment_text.h"

namespace sluice {
namespace {

constexpr size_t kShownBytes = 80;
/// Digits that a double keeps whatever they are.
constexpr size_t kExactDigits = 15;

bool is_yes(std::string_view lower) {
  return lower == "true" || lower == "1" || lower == "t" || lower == "yes" || lower == "y" ||
         lower == "on";
}
bool is_no(std::string_view lower) {
  return lower == "false" || lower == "0" || lower == "f" || lower == "no" || lower == "n" ||
         lower == "off";
}

/// Of a DEFAULT in lower case.
bool is_time(std::string_view lower) {
  return lower == "now()" || lower == "today()" ||
         (lower.starts_with("now64(") && lower.ends_with(')'));
}

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The shortest digits that read back as the same number.
std::string digits_of(double value) {
  std::array<char, 64> text{};
  const char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), static_cast<size_t>(end - text.data())};
}

size_t count_digits(std::string_view decimal) {
  size_t digits = 0;
  for (const char c : decimal) {
    if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
  }
  return digits;
}

}  // namespace

bool defaults_to_time(const DataColumn& column) {
  return column.fallback && is_time(ascii_lower(trim(*column.fallback)));
}

std::string_view cut_text(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

ValueFitter::Rule ValueFitter::rule_of(const DataType& type) {
  switch (type.kind) {
    case DataKind::kInteger:
      return Rule::kInteger;
    case DataKind::kReal:
      return Rule::kReal;
    case DataKind::kDecimal:
      return Rule::kDecimal;
    case DataKind::kBoolean:
      return Rule::kBoolean;
    case DataKind::kDate:
      return Rule::kDate;
    case DataKind::kDateTime:
      return Rule::kDateTime;
    case DataKind::kJson:
      return Rule::kJson;
    case DataKind::kText:
      break;
  }
  if (type.name == "FixedString") return Rule::kFixedString;
  if (type.name == "UUID") return Rule::kUuid;
  if (type.name == "IPv4") return Rule::kIpv4;
  if (type.name == "IPv6") return Rule::kIpv6;
  return type.values.empty() ? Rule::kString : Rule::kEnum;
}

ValueFitter::ValueFitter(const DataColumn& column)
    : type_(parse_data_type(column.type)), rule_(rule_of(type_)) {
  if (!type_.time_zone.empty()) zone_ = TimeZone::find(type_.time_zone);
  using Whole = std::numeric_limits<int64_t>;
  most_ = type_.bits >= 64 ? Whole::max() : (int64_t{1} << (type_.bits - 1)) - 1;
  least_ = -most_ - 1;
  if (type_.is_unsigned) {
    least_ = 0;
    if (type_.bits < 64) most_ = 2 * most_ + 1;
  }
}

bool ValueFitter::fit(std::string_view text) {
  switch (rule_) {
    case Rule::kString:
    case Rule::kFixedString:
      return fit_string(text);
    case Rule::kUuid:
      return fit_uuid(trim(text));
    case Rule::kIpv4:
    case Rule::kIpv6:
      return fit_address(trim(text));
    case Rule::kEnum:
      return fit_enum(text);
    case Rule::kInteger:
      return fit_whole(trim(text));
    case Rule::kReal:
      return fit_real(trim(text));
    case Rule::kDecimal:
      return fit_decimal(text);
    case Rule::kBoolean:
      return fit_boolean(trim(text));
    case Rule::kDate:
      return fit_date(trim(text));
    case Rule::kDateTime:
      return take_moment(read_moment(trim(text), zone_), text);
    case Rule::kJson:
      return fit_json(text);
  }
  return false;
}

bool ValueFitter::fit(int64_t value) {
  switch (rule_) {
    case Rule::kInteger:
      if (value >= least_ && value <= most_) return take_integer(value);
      break;  // Refused with the same words as its text.
    case Rule::kReal:
      return take_real(static_cast<double>(value));
    case Rule::kBoolean:
      if (value == 0 || value == 1) return take_integer(value);
      break;
    case Rule::kEnum:
      for (const DataType::EnumValue& known : type_.values) {
        if (known.number == value) return take_text(known.name);
      }
      break;
    case Rule::kDateTime:
      return take_moment(read_moment(value, zone_), std::to_string(value));
    default:
      break;
  }
  const std::string text = std::to_string(value);
  return fit(std::string_view(text)) && keep_text();
}

bool ValueFitter::fit(double value) {
  if (rule_ == Rule::kReal) return take_real(value);
  if (rule_ == Rule::kDateTime) return take_moment(read_moment(value), digits_of(value));
  const std::string text = digits_of(value);
  return fit(std::string_view(text)) && keep_text();
}

bool ValueFitter::fit_fallback(std::string_view expression, Timestamp now) {
  expression = trim(expression);
  const std::string lower = ascii_lower(expression);
  if (lower == "null") return take_null() || refuse(expression, "is no value of " + type_.text);
  if (is_time(lower)) {
    if (lower == "today()") now = std::chrono::floor<std::chrono::days>(now);
    if (rule_ == Rule::kDate || rule_ == Rule::kDateTime) {
      std::string text;
      append_moment(text, now, kMomentDigits);
      text += 'Z';
      return fit(text) && keep_text();
    }
    return refuse(expression, "is a time, which " + type_.text + " can't hold");
  }
  if (lower == "true" || lower == "false") {
    return rule_ == Rule::kString ? take_text(lower == "true" ? "true" : "false")
                                  : fit(int64_t{lower == "true"});
  }
  if (const std::optional<std::string> text = sql_text_value(expression)) {
    return fit(std::string_view(*text)) && keep_text();
  }
  const bool is_number = decimal_text(expression, 1000, 500).has_value();
  const bool is_list = rule_ == Rule::kJson && is_json(json_of_literal(expression));
  if (is_number || is_list) return fit(expression);
  return refuse(expression, "is no literal, now() or today(), the values that DEFAULT can have");
}

bool ValueFitter::fit_string(std::string_view text) {
  if (!is_utf8(text)) {
    reason_ = "The value is no UTF-8 text.";
    return false;
  }
  if (text.find('\0') != std::string_view::npos) {
    reason_ = "The value holds the character U+0000, which no text can hold.";
    return false;
  }
  if (rule_ == Rule::kFixedString && text.size() > type_.length) {
    return refuse(text, "has " + std::to_string(text.size()) + " bytes, more than the " +
                            std::to_string(type_.length) + " of " + type_.name);
  }
  return take_text(text);
}

bool ValueFitter::fit_uuid(std::string_view text) {
  made_.clear();
  bool fits = text.size() == 36 || text.size() == 32;
  for (size_t i = 0; fits && i < text.size(); ++i) {
    const bool dash = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
    const char c = text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] + 32) : text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    fits = dash ? c == '-' : hex;
    if (text.size() == 32 && (i == 8 || i == 12 || i == 16 || i == 20)) made_ += '-';
    made_ += c;
  }
  if (!fits) return refuse(text, "is no UUID like 6a1c0f0e-3f52-4d0c-9f0e-2b1d7c3a5e88");
  return take_made();
}

bool ValueFitter::fit_address(std::string_view text) {
  const std::string copy(text);
  std::array<char, INET6_ADDRSTRLEN> out{};
  const bool wants_v4 = rule_ == Rule::kIpv4;
  in_addr v4{};
  in6_addr v6{};
  const bool whole = text.find('\0') == std::string_view::npos;
  const bool is_v4 = whole && inet_pton(AF_INET, copy.c_str(), &v4) == 1;
  if (is_v4 && wants_v4) {
    inet_ntop(AF_INET, &v4, out.data(), out.size());
  } else if (whole && !wants_v4 &&
             inet_pton(AF_INET6, (is_v4 ? "::ffff:" + copy : copy).c_str(), &v6) == 1) {
    inet_ntop(AF_INET6, &v6, out.data(), out.size());
  } else {
    return refuse(text, wants_v4 ? "is no IPv4 address" : "is no IPv6 address");
  }
  made_ = out.data();
  return take_made();
}

bool ValueFitter::fit_enum(std::string_view text) {
  for (const DataType::EnumValue& known : type_.values) {
    if (known.name == text) return take_text(known.name);
  }
  const std::optional<int64_t> number = read_number<int64_t>(text);
  for (const DataType::EnumValue& known : type_.values) {
    if (number && known.number == *number) return take_text(known.name);
  }
  return refuse(text, "is no value of " + std::string(cut_text(type_.text, 200)));
}

bool ValueFitter::fit_whole(std::string_view text) {
  std::optional<int64_t> value = read_number<int64_t>(text);
  if (!value) {
    constexpr int kDigits = 400;  // 1e300 is a whole number, too: one out of range.
    const std::optional<std::string> digits = decimal_text(text, kDigits, 0);
    if (!digits) return refuse(text, "is no whole number");
    value = read_number<int64_t>(*digits);
  }
  if (value && *value >= least_ && *value <= most_) return take_integer(*value);
  return refuse(
      text, "is not between " + std::to_string(least_) + " and " + std::to_string(most_) + ", as " +
                type_.name +
                (type_.bits >= 64 && type_.name != "Int64" ? " has to be here" : " has to be"));
}

bool ValueFitter::fit_real(std::string_view text) {
  const std::optional<double> value = read_number<double>(text);
  if (value) return take_real(*value);
  return decimal_text(text, 2000, 1000) ? refuse(text, "is beyond what " + type_.name + " can hold")
                                        : refuse(text, "is no number");
}

bool ValueFitter::fit_decimal(std::string_view text) {
  std::optional<std::string> decimal = decimal_text(text, type_.precision, type_.scale);
  if (!decimal) {
    if (!decimal_text(text, 2000, 1000)) return refuse(text, "is no decimal number");
    return refuse(text, "does not fit Decimal(" + std::to_string(type_.precision) + ", " +
                            std::to_string(type_.scale) + "), which would have to round it");
  }
  if (type_.scale == 0) {
    if (const auto whole = read_number<int64_t>(*decimal)) return take_integer(*whole);
  }
  if (count_digits(*decimal) <= kExactDigits) return take_real(*read_number<double>(*decimal));
  made_ = std::move(*decimal);
  return take_made();
}

bool ValueFitter::fit_boolean(std::string_view text) {
  const std::string lower = ascii_lower(text.substr(0, 8));
  if (is_yes(lower)) return take_integer(1);
  if (is_no(lower)) return take_integer(0);
  return refuse(text, "is neither true nor false");
}

/// The day as it is written: what an offset behind it makes of it is for times.
bool ValueFitter::fit_date(std::string_view text) {
  constexpr size_t kDateBytes = 10;
  if (read_date_text(text)) return take_text(text.substr(0, kDateBytes));
  // ClickHouse takes a small number for days since 1970.
  constexpr int64_t kMostDays = 65535;
  const std::optional<int64_t> number = read_number<int64_t>(text);
  if (number && *number >= 0 && *number <= kMostDays) {
    return take_moment(Timestamp(std::chrono::days(*number)), text);
  }
  return take_moment(read_moment(text, zone_), text);
}

bool ValueFitter::fit_json(std::string_view text) {
  const bool any = type_.name == "JSON";
  std::string_view value = trim(text);
  if (!is_utf8(value)) {
    reason_ = "The value is no UTF-8 text.";
    return false;
  }
  // JSON that came as a string of JSON, and lists as ClickHouse writes them: ['a','b'].
  std::string inside;
  if (!any && value.size() >= 2 && value.front() == '"' && is_json(value)) {
    if (!unescape_json(value.substr(1, value.size() - 2), inside)) {
      return refuse(text, "has half of a surrogate pair");
    }
    value = trim(inside);
  }
  std::string translated;
  if (!is_json(value)) {
    translated = json_of_literal(value);
    if (!is_json(translated)) return refuse(text, "is no JSON");
    value = translated;
  }
  const char first = value.front();
  const bool fits =
      any || (first == '[' && type_.name != "Map") || (first == '{' && type_.name != "Array");
  if (!fits) return refuse(text, "is no JSON that " + type_.name + " could be");
  if (value.data() < text.data() || value.data() > text.data() + text.size()) {
    made_ = std::string(value);
    return take_made();
  }
  return take_text(value);
}

bool ValueFitter::take_moment(const std::optional<Timestamp>& time, std::string_view shown) {
  const bool date = rule_ == Rule::kDate;
  if (!time) {
    return refuse(shown,
                  date ? "is no date like 2026-11-23" : "is no time like 2026-11-23 08:30:00");
  }
  made_.clear();
  if (date) {
    append_date(made_, *time);
  } else {
    append_moment(made_, *time, std::min(type_.scale, kMomentDigits));
  }
  return take_made();
}

bool ValueFitter::take_null() {
  result_ = Result::kNull;
  return type_.nullable;
}

bool ValueFitter::take_integer(int64_t value) {
  result_ = Result::kInteger;
  integer_ = value;
  return true;
}

bool ValueFitter::take_real(double value) {
  if (std::isnan(value)) {
    return take_null() || refuse("NaN", "is no number, and the column is not Nullable");
  }
  const bool narrow = type_.kind == DataKind::kReal && type_.bits == 32;
  if (narrow && std::isfinite(value) &&
      std::fabs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
    return refuse(digits_of(value), "is beyond what Float32 can hold");
  }
  result_ = Result::kReal;
  real_ = value;
  return true;
}

bool ValueFitter::take_text(std::string_view text) {
  result_ = Result::kText;
  text_ = text;
  return true;
}

bool ValueFitter::keep_text() {
  if (result_ == Result::kText && rule_ != Rule::kEnum && text_.data() != made_.data()) {
    made_ = std::string(text_);
    text_ = made_;
  }
  return true;
}

bool ValueFitter::refuse(std::string_view shown, std::string_view what) {
  if (!is_utf8(shown) || shown.find('\0') != std::string_view::npos) {
    reason_ = "The value " + std::string(what) + ".";
    return false;
  }
  const std::string_view cut = cut_text(shown, kShownBytes);
  reason_ = "'" + std::string(cut) + (cut.size() < shown.size() ? "..." : "") + "' ";
  reason_ += what;
  reason_ += '.';
  return false;
}

}  // namespace sluice

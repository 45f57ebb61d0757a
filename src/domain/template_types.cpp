#include "domain/template_types.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/clock.h"
#include "base/encoding.h"
#include "domain/date_format.h"

namespace sluice {
namespace {

struct WholeRange {
  int64_t least;
  int64_t most;
};

/// The type's range, as far as 64 bits go.
std::optional<WholeRange> whole_range(std::string_view type) {
  const bool is_unsigned = type.starts_with("UInt");
  if (!is_unsigned && !type.starts_with("Int")) return std::nullopt;
  const std::string_view bits = type.substr(is_unsigned ? 4 : 3);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const int64_t least = is_unsigned ? 0 : std::numeric_limits<int64_t>::min();
  if (type == "Integer" || bits.empty() || bits == "64" || bits == "128" || bits == "256")
    return WholeRange{least, kMost};
  if (bits != "8" && bits != "16" && bits != "32") return std::nullopt;
  const int width = bits == "8" ? 8 : bits == "16" ? 16 : 32;
  if (is_unsigned) return WholeRange{0, (int64_t{1} << width) - 1};
  return WholeRange{-(int64_t{1} << (width - 1)), (int64_t{1} << (width - 1)) - 1};
}

bool is_real(std::string_view type) { return type == "Float32" || type == "Float64"; }

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  Number out{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<TemplateValue> to_whole(const WholeRange& range, const TemplateValue& value) {
  std::optional<int64_t> whole;
  if (const auto* text = std::get_if<std::string>(&value.data)) whole = read_number<int64_t>(*text);
  if (const auto* number = std::get_if<int64_t>(&value.data)) whole = *number;
  if (const auto* flag = std::get_if<bool>(&value.data)) whole = *flag ? 1 : 0;
  if (const auto* real = std::get_if<double>(&value.data)) {
    // 2^63 itself is past the end.
    if (std::trunc(*real) == *real && *real >= -0x1p63 && *real < 0x1p63) {
      whole = static_cast<int64_t>(*real);
    }
  }
  if (!whole || *whole < range.least || *whole > range.most) return std::nullopt;
  return TemplateValue{*whole};
}

std::optional<TemplateValue> to_real(const TemplateValue& value) {
  std::optional<double> real;
  if (const auto* text = std::get_if<std::string>(&value.data)) real = read_number<double>(*text);
  if (const auto* number = std::get_if<double>(&value.data)) real = *number;
  if (const auto* whole = std::get_if<int64_t>(&value.data)) real = static_cast<double>(*whole);
  if (!real || !std::isfinite(*real)) return std::nullopt;
  return TemplateValue{*real};
}

std::optional<TemplateValue> to_boolean(const TemplateValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) return TemplateValue{*flag};
  const std::string text = ascii_lower(plain_text(value));
  if (text == "1" || text == "true" || text == "yes" || text == "on") return TemplateValue{true};
  if (text == "0" || text == "false" || text == "no" || text == "off") return TemplateValue{false};
  return std::nullopt;
}

std::optional<TemplateValue> to_time(std::string_view type, const TemplateValue& value) {
  std::optional<Timestamp> time;
  if (const auto* text = std::get_if<std::string>(&value.data)) time = read_date_text(trim(*text));
  if (!time) return std::nullopt;
  const std::string full = format_timestamp(*time);  // 2026-11-24 08:30:00.123456
  if (type == "Date") return TemplateValue{full.substr(0, 10)};
  if (type == "DateTime") return TemplateValue{full.substr(0, 19)};
  const bool has_micros =
      (*time - std::chrono::floor<std::chrono::milliseconds>(*time)).count() != 0;
  return TemplateValue{full.substr(0, has_micros ? 26 : 23)};
}

/// 8-4-4-4-12 hex digits, in the case they came in.
std::optional<TemplateValue> to_uuid(const TemplateValue& value) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const std::string text = plain_text(value);
  if (text.size() != kForm.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != kForm.npos;
    if (kForm[i] == 'x' ? !is_hex : text[i] != '-') return std::nullopt;
  }
  return TemplateValue{text};
}

bool is_time(std::string_view type) {
  return type == "Date" || type == "DateTime" || type == "DateTime64";
}

}  // namespace

const std::vector<std::string>& template_types() {
  static const std::vector<std::string> types = {
      "String",  "UUID",    "Boolean", "Int8",   "Int16",    "Int32",     "Int64",   "Int128",
      "Int256",  "UInt8",   "UInt16",  "UInt32", "UInt64",   "UInt128",   "UInt256", "Int",
      "Integer", "Float32", "Float64", "Date",   "DateTime", "DateTime64"};
  return types;
}

bool is_template_type(std::string_view type) {
  const std::vector<std::string>& types = template_types();
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<TemplateValue> to_template_type(std::string_view type, const TemplateValue& value) {
  if (std::holds_alternative<SqlFragment>(value.data)) return std::nullopt;
  if (type == "Boolean") return to_boolean(value);
  if (type == "UUID") return to_uuid(value);
  if (is_real(type)) return to_real(value);
  if (is_time(type)) return to_time(type, value);
  if (const auto range = whole_range(type)) return to_whole(*range, value);
  return TemplateValue{plain_text(value)};
}

std::string template_type_takes(std::string_view type) {
  if (type == "Boolean") return "1, 0, true or false";
  if (type == "UUID") return "a UUID like 123e4567-e89b-12d3-a456-426614174000";
  if (is_real(type)) return "a number";
  if (type == "Date") return "a date like 2026-11-24";
  if (is_time(type)) return "a time like 2026-11-24 08:30:00";
  if (const auto range = whole_range(type)) {
    return "a whole number from " + std::to_string(range->least) + " to " +
           std::to_string(range->most);
  }
  return "a text";
}

TemplateValue template_type_sample(std::string_view type) {
  if (type == "Boolean") return {false};
  if (type == "UUID") return {std::string("00000000-0000-0000-0000-000000000000")};
  if (is_real(type)) return {0.0};
  if (whole_range(type)) return {int64_t{0}};
  if (is_time(type)) return *to_time(type, {std::string("2020-01-01 00:00:00.000000")});
  return {std::string()};
}

}  // namespace sluice

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "base/encoding.h"
#include "engine/sql_functions.h"
#include "engine/sql_values.h"

namespace sluice {
namespace {

std::optional<int64_t> integer_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> real_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  // NaN has no place in SQLite; it would come out as NULL.
  if (std::isnan(number)) return std::nullopt;
  return number;
}

/// The integer that an argument is; a real number loses its fraction. Nothing where it has none.
std::optional<int64_t> integer_from(const SqlCall& call) {
  if (call.type(0) == SQLITE_INTEGER) return call.integer(0);
  if (call.type(0) != SQLITE_FLOAT) return integer_in(call.text(0));
  const double number = std::trunc(call.real(0));
  if (!(number >= -0x1p63 && number < 0x1p63)) return std::nullopt;
  return static_cast<int64_t>(number);
}

/// Only what the type keeps of its bits, as ClickHouse does: toUInt8(-1) is 255.
template <typename Type>
void to_integer(const SqlCall& call) {
  const std::optional<int64_t> number = integer_from(call);
  if (!number)
    throw call.wrong(0, "is no integer of 64 bits; there are the same with OrNull, OrZero");
  if (std::is_same_v<Type, uint64_t> && *number < 0) {
    throw call.wrong(0, "is negative: SQLite has no integers beyond 9223372036854775807");
  }
  call.give(static_cast<int64_t>(static_cast<Type>(*number)));
}

/// Where a text is no integer of the type, this gives nothing and does not wrap.
template <typename Type>
std::optional<int64_t> fitting(const SqlCall& call) {
  const std::optional<int64_t> number = integer_from(call);
  if (!number || (std::is_unsigned_v<Type> && *number < 0)) return std::nullopt;
  if (sizeof(Type) < sizeof(int64_t) &&
      (*number < static_cast<int64_t>(std::numeric_limits<Type>::min()) ||
       *number > static_cast<int64_t>(std::numeric_limits<Type>::max()))) {
    return std::nullopt;
  }
  return number;
}

template <typename Type>
void to_integer_or_null(const SqlCall& call) {
  const std::optional<int64_t> number = fitting<Type>(call);
  number ? call.give(*number) : call.give_null();
}

template <typename Type>
void to_integer_or_zero(const SqlCall& call) {
  call.give(call.is_null(0) ? 0 : fitting<Type>(call).value_or(0));
}

template <typename Type>
void to_integer_or_default(const SqlCall& call) {
  const std::optional<int64_t> number = call.is_null(0) ? std::nullopt : fitting<Type>(call);
  if (number) return call.give(*number);
  call.size() > 1 ? call.give_argument(1) : call.give(int64_t{0});
}

std::optional<double> real_from(const SqlCall& call) {
  return call.is_number(0) ? call.real(0) : real_in(call.text(0));
}

template <typename Type>
double narrowed(double number) {
  // Beyond float's range the conversion has no meaning; infinity has.
  if (std::is_same_v<Type, float> && std::abs(number) > std::numeric_limits<float>::max()) {
    return number < 0 ? -HUGE_VAL : HUGE_VAL;
  }
  return static_cast<double>(static_cast<Type>(number));
}

template <typename Type>
void to_real(const SqlCall& call) {
  const std::optional<double> number = real_from(call);
  if (!number) throw call.wrong(0, "is no number; there are the same with OrNull and OrZero");
  call.give(narrowed<Type>(*number));
}

template <typename Type>
void to_real_or_null(const SqlCall& call) {
  const std::optional<double> number = real_from(call);
  number ? call.give(narrowed<Type>(*number)) : call.give_null();
}

template <typename Type>
void to_real_or_zero(const SqlCall& call) {
  call.give(call.is_null(0) ? 0.0 : narrowed<Type>(real_from(call).value_or(0.0)));
}

/// With what is behind the last digit cut off, decimal digit by decimal digit.
double cut(double number, int64_t digits) {
  std::string text;
  append_plain_real(text, number);
  const size_t dot = text.find('.');
  if (dot == std::string::npos || text.find('e') != std::string::npos) {
    return std::abs(number) < 1e-6 ? 0.0 : number;
  }
  text.resize(std::min(text.size(), dot + 1 + static_cast<size_t>(digits)));
  return real_in(text.ends_with('.') ? text.substr(0, dot) : text).value_or(0.0);
}

template <int kMostDigits>
void to_decimal(const SqlCall& call) {
  const int64_t digits = call.integer(1, 0, kMostDigits);
  const std::optional<double> number = real_from(call);
  if (!number) throw call.wrong(0, "is no number; there are the same with OrNull and OrZero");
  call.give(cut(*number, digits));
}

template <int kMostDigits>
void to_decimal_or_null(const SqlCall& call) {
  const int64_t digits = call.integer(1, 0, kMostDigits);
  const std::optional<double> number = real_from(call);
  number ? call.give(cut(*number, digits)) : call.give_null();
}

template <int kMostDigits>
void to_decimal_or_zero(const SqlCall& call) {
  call.give(cut(real_from(call).value_or(0.0), call.integer(1, 0, kMostDigits)));
}

void to_string(const SqlCall& call) {
  if (call.type(0) != SQLITE_FLOAT) return call.give_bytes(call.text(0));
  std::string out;
  append_plain_real(out, call.real(0));
  call.give_text(out);
}

void to_bool(const SqlCall& call) {
  if (call.is_number(0)) return call.give_truth(call.real(0) != 0);
  const std::string word = ascii_lower(call.text(0));
  for (const std::string_view yes : {"true", "t", "yes", "y", "on", "enable", "enabled", "1"}) {
    if (word == yes) return call.give_truth(true);
  }
  for (const std::string_view no : {"false", "f", "no", "n", "off", "disable", "disabled", "0"}) {
    if (word == no) return call.give_truth(false);
  }
  throw call.wrong(0, "is neither true nor false");
}

/// The names of SQLite's types as ClickHouse would call them.
void to_type_name(const SqlCall& call) {
  switch (call.type(0)) {
    case SQLITE_INTEGER:
      return call.give_text("Int64");
    case SQLITE_FLOAT:
      return call.give_text("Float64");
    case SQLITE_NULL:
      return call.give_text("Nullable(Nothing)");
    default:
      return call.give_text("String");
  }
}

constexpr auto kTable = std::to_array<SqlFunction>({
    {"toInt8(value)", 1, 1, to_integer<int8_t>},
    {"toInt16(value)", 1, 1, to_integer<int16_t>},
    {"toInt32(value)", 1, 1, to_integer<int32_t>},
    {"toInt64(value)", 1, 1, to_integer<int64_t>},
    {"toUInt8(value)", 1, 1, to_integer<uint8_t>},
    {"toUInt16(value)", 1, 1, to_integer<uint16_t>},
    {"toUInt32(value)", 1, 1, to_integer<uint32_t>},
    {"toUInt64(value)", 1, 1, to_integer<uint64_t>},
    {"toInt8OrNull(value)", 1, 1, to_integer_or_null<int8_t>},
    {"toInt16OrNull(value)", 1, 1, to_integer_or_null<int16_t>},
    {"toInt32OrNull(value)", 1, 1, to_integer_or_null<int32_t>},
    {"toInt64OrNull(value)", 1, 1, to_integer_or_null<int64_t>},
    {"toUInt8OrNull(value)", 1, 1, to_integer_or_null<uint8_t>},
    {"toUInt16OrNull(value)", 1, 1, to_integer_or_null<uint16_t>},
    {"toUInt32OrNull(value)", 1, 1, to_integer_or_null<uint32_t>},
    {"toUInt64OrNull(value)", 1, 1, to_integer_or_null<uint64_t>},
    {"toInt8OrZero(value)", 1, 1, to_integer_or_zero<int8_t>},
    {"toInt16OrZero(value)", 1, 1, to_integer_or_zero<int16_t>},
    {"toInt32OrZero(value)", 1, 1, to_integer_or_zero<int32_t>},
    {"toInt64OrZero(value)", 1, 1, to_integer_or_zero<int64_t>},
    {"toUInt8OrZero(value)", 1, 1, to_integer_or_zero<uint8_t>},
    {"toUInt16OrZero(value)", 1, 1, to_integer_or_zero<uint16_t>},
    {"toUInt32OrZero(value)", 1, 1, to_integer_or_zero<uint32_t>},
    {"toUInt64OrZero(value)", 1, 1, to_integer_or_zero<uint64_t>},
    {"toInt32OrDefault(value[, default])", 1, 2, to_integer_or_default<int32_t>, kTakesNull},
    {"toInt64OrDefault(value[, default])", 1, 2, to_integer_or_default<int64_t>, kTakesNull},
    {"toUInt32OrDefault(value[, default])", 1, 2, to_integer_or_default<uint32_t>, kTakesNull},
    {"toUInt64OrDefault(value[, default])", 1, 2, to_integer_or_default<uint64_t>, kTakesNull},
    {"toFloat32(value)", 1, 1, to_real<float>},
    {"toFloat64(value)", 1, 1, to_real<double>},
    {"toFloat32OrNull(value)", 1, 1, to_real_or_null<float>},
    {"toFloat64OrNull(value)", 1, 1, to_real_or_null<double>},
    {"toFloat32OrZero(value)", 1, 1, to_real_or_zero<float>},
    {"toFloat64OrZero(value)", 1, 1, to_real_or_zero<double>},
    {"toDecimal32(value, digits)", 2, 2, to_decimal<9>},
    {"toDecimal64(value, digits)", 2, 2, to_decimal<18>},
    {"toDecimal128(value, digits)", 2, 2, to_decimal<38>},
    {"toDecimal32OrNull(value, digits)", 2, 2, to_decimal_or_null<9>},
    {"toDecimal64OrNull(value, digits)", 2, 2, to_decimal_or_null<18>},
    {"toDecimal128OrNull(value, digits)", 2, 2, to_decimal_or_null<38>},
    {"toDecimal32OrZero(value, digits)", 2, 2, to_decimal_or_zero<9>},
    {"toDecimal64OrZero(value, digits)", 2, 2, to_decimal_or_zero<18>},
    {"toDecimal128OrZero(value, digits)", 2, 2, to_decimal_or_zero<38>},
    {"toString(value)", 1, 1, to_string},
    {"toBool(value)", 1, 1, to_bool},
    {"toTypeName(value)", 1, 1, to_type_name, kTakesNull},
});

}  // namespace

std::span<const SqlFunction> conversion_functions() { return kTable; }

}  // namespace sluice

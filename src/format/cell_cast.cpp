#include "format/cell_cast.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "base/encoding.h"
#include "data/value_text.h"
#include "domain/date_format.h"
#include "format/decimal_value.h"

namespace sluice {
namespace {

using std::chrono::microseconds;

bool put_integer(Cell& cell, std::optional<int64_t> value) {
  if (!value) return false;
  cell.type = ValueType::kInteger;
  cell.integer = *value;
  return true;
}

/// The number that a whole text is; nothing for others and for those beyond its type.
template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool to_integer(Cell& cell, std::string_view text) {
  if (cell.type == ValueType::kNumber) return put_integer(cell, read_number<int64_t>(text));
  if (cell.type != ValueType::kReal) return false;
  // 2^63 and above, infinity and NaN are outside; what is inside has an exact int64_t.
  if (!(cell.real >= -0x1p63 && cell.real < 0x1p63) || cell.real != std::trunc(cell.real)) {
    return false;
  }
  return put_integer(cell, static_cast<int64_t>(cell.real));
}

bool to_unsigned(Cell& cell, std::string_view text) {
  if (cell.type != ValueType::kNumber) return false;
  const std::optional<uint64_t> value = read_number<uint64_t>(text);
  return value && put_integer(cell, static_cast<int64_t>(*value));
}

bool to_real(Cell& cell) {
  if (cell.type != ValueType::kInteger) return false;
  const auto real = static_cast<double>(cell.integer);
  if (!(real < 0x1p63) || static_cast<int64_t>(real) != cell.integer) return false;
  cell.type = ValueType::kReal;
  cell.real = real;
  return true;
}

/// The digits of a number of any length are text as they are.
bool to_text(Cell& cell) {
  if (cell.type != ValueType::kNumber) return false;
  cell.type = ValueType::kText;
  return true;
}

bool to_boolean(Cell& cell, std::string_view text) {
  if (cell.type == ValueType::kInteger) return cell.integer == 0 || cell.integer == 1;
  if (cell.type != ValueType::kText) return false;
  const std::string word = ascii_lower(text);
  if (word != "true" && word != "false") return false;
  return put_integer(cell, word == "true" ? 1 : 0);
}

/// More than microseconds can't be kept.
bool has_finer_fraction(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return false;
  const size_t end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
  return end > point + 7 &&
         text.substr(point + 7, end - point - 7).find_first_not_of('0') != std::string_view::npos;
}

std::optional<int64_t> time_of(const Cell& cell, std::string_view text) {
  std::optional<Timestamp> time;
  if (cell.type == ValueType::kText && !has_finer_fraction(text)) {
    time = read_date_text(text);
  } else if (cell.type == ValueType::kInteger) {
    time = read_unix_time(cell.integer);
  }
  if (!time) return std::nullopt;
  return std::chrono::floor<microseconds>(time->time_since_epoch()).count();
}

/// Tables that declare times have them in microseconds: a scale of 9 is an engine's own.
bool to_timestamp(Cell& cell, std::string_view text, const ColumnType& type) {
  return type.scale != 9 && put_integer(cell, time_of(cell, text));
}

bool to_date(Cell& cell, std::string_view text) {
  constexpr int64_t kDay = 86'400'000'000;
  const std::optional<int64_t> time = time_of(cell, text);
  return time && *time % kDay == 0 && put_integer(cell, *time / kDay);
}

bool to_decimal(Cell& cell, std::string_view text, const ColumnType& type, DecimalBytes& decimal) {
  std::string number;
  if (cell.type == ValueType::kInteger) append_integer(number, cell.integer);
  if (cell.type == ValueType::kReal) append_real(number, cell.real);
  if (cell.type == ValueType::kInteger || cell.type == ValueType::kReal) text = number;
  if (cell.type == ValueType::kBlob) return false;
  const std::optional<Int256> value = read_decimal(text, type.precision, type.scale);
  if (!value) return false;
  if (type.precision <= kInt64Digits) {
    return put_integer(cell, static_cast<int64_t>(value->front()));
  }
  cell.type = ValueType::kBlob;
  cell.size = decimal_bytes(type);
  write_decimal(decimal.data(), *value, cell.size);
  return true;
}

}  // namespace

ValueType plain_type(const ColumnType& type) {
  switch (type.kind) {
    case ColumnKind::kInteger:
      return ValueType::kInteger;
    case ColumnKind::kReal:
    case ColumnKind::kSingle:
      return ValueType::kReal;
    case ColumnKind::kText:
      return ValueType::kText;
    case ColumnKind::kBytes:
      return ValueType::kBlob;
    case ColumnKind::kBoolean:
    case ColumnKind::kDate:
    case ColumnKind::kTimestamp:
    case ColumnKind::kDecimal:
    case ColumnKind::kUnsigned:
    case ColumnKind::kList:
    case ColumnKind::kMap:
    case ColumnKind::kStruct:
      break;
  }
  return ValueType::kNull;
}

bool cast_timestamp(Cell& cell, uint32_t digits) {
  const uint32_t has = TimestampUnit::of(cell.size).digits;
  int64_t value = cell.integer;
  if (has <= digits) {
    if (__builtin_mul_overflow(value, TimestampUnit{digits - has}.per_second(), &value))
      return false;
  } else {
    const int64_t finer = TimestampUnit{has - digits}.per_second();
    if (value % finer != 0) return false;
    value /= finer;
  }
  return put_integer(cell, value);
}

bool cast_cell(Cell& cell, std::string_view text, const ColumnType& type, DecimalBytes& decimal) {
  if (cast_in_place(cell, type)) return true;
  switch (type.kind) {
    case ColumnKind::kInteger:
      return to_integer(cell, text);
    case ColumnKind::kUnsigned:
      return to_unsigned(cell, text);
    case ColumnKind::kReal:
      return to_real(cell);
    case ColumnKind::kText:
      return to_text(cell);
    case ColumnKind::kBoolean:
      return to_boolean(cell, text);
    case ColumnKind::kDate:
      return to_date(cell, text);
    case ColumnKind::kTimestamp:
      return to_timestamp(cell, text, type);
    case ColumnKind::kDecimal:
      return to_decimal(cell, text, type, decimal);
    case ColumnKind::kBytes:
    case ColumnKind::kSingle:
    case ColumnKind::kList:
    case ColumnKind::kMap:
    case ColumnKind::kStruct:
      break;
  }
  return false;
}

}  // namespace sluice

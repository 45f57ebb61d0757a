#include "format/value_caster.h"

#include <array>
#include <cmath>

#include "base/encoding.h"
#include "base/error.h"
#include "data/value_text.h"
#include "domain/date_format.h"
#include "format/decimal_value.h"

namespace sluice {
namespace {

using std::chrono::microseconds;

/// The new value of a cell: a cell, or bytes that have to be put into the batch.
struct Casted {
  Cell cell;
  std::optional<std::string> bytes;
};

Casted integer_cell(int64_t value) {
  Casted out;
  out.cell.type = ValueType::kInteger;
  out.cell.integer = value;
  return out;
}

std::optional<Casted> to_integer(const Cell& cell) {
  if (cell.type != ValueType::kReal) return std::nullopt;
  // 2^63 and above, infinity and NaN are outside; what is inside has an exact int64_t.
  if (!(cell.real >= -0x1p63 && cell.real < 0x1p63) || cell.real != std::trunc(cell.real)) {
    return std::nullopt;
  }
  return integer_cell(static_cast<int64_t>(cell.real));
}

std::optional<Casted> to_real(const Cell& cell) {
  if (cell.type != ValueType::kInteger) return std::nullopt;
  Casted out;
  out.cell.type = ValueType::kReal;
  out.cell.real = static_cast<double>(cell.integer);
  const bool back = out.cell.real < 0x1p63 && static_cast<int64_t>(out.cell.real) == cell.integer;
  return back ? std::optional(out) : std::nullopt;
}

std::optional<Casted> to_boolean(const Batch& batch, const Cell& cell) {
  if (cell.type == ValueType::kInteger && (cell.integer == 0 || cell.integer == 1)) {
    return integer_cell(cell.integer);
  }
  if (cell.type != ValueType::kText) return std::nullopt;
  const std::string text = ascii_lower(batch.text(cell));
  if (text == "true") return integer_cell(1);
  if (text == "false") return integer_cell(0);
  return std::nullopt;
}

/// More than microseconds can't be kept.
bool has_finer_fraction(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return false;
  const size_t end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
  return end > point + 7 &&
         text.substr(point + 7, end - point - 7).find_first_not_of('0') != std::string_view::npos;
}

std::optional<int64_t> time_of(const Batch& batch, const Cell& cell) {
  std::optional<Timestamp> time;
  if (cell.type == ValueType::kText && !has_finer_fraction(batch.text(cell))) {
    time = read_date_text(batch.text(cell));
  } else if (cell.type == ValueType::kInteger) {
    time = read_unix_time(cell.integer);
  }
  if (!time) return std::nullopt;
  return std::chrono::floor<microseconds>(time->time_since_epoch()).count();
}

std::optional<Casted> to_timestamp(const Batch& batch, const Cell& cell) {
  const std::optional<int64_t> time = time_of(batch, cell);
  return time ? std::optional(integer_cell(*time)) : std::nullopt;
}

std::optional<Casted> to_date(const Batch& batch, const Cell& cell) {
  constexpr int64_t kDay = 86'400'000'000;
  const std::optional<int64_t> time = time_of(batch, cell);
  if (!time || *time % kDay != 0) return std::nullopt;
  return integer_cell(*time / kDay);
}

std::optional<Casted> to_decimal(const Batch& batch, const Cell& cell, const ColumnType& type) {
  std::string text;
  if (cell.type == ValueType::kText) text = batch.text(cell);
  if (cell.type == ValueType::kInteger) append_integer(text, cell.integer);
  if (cell.type == ValueType::kReal) append_real(text, cell.real);
  const std::optional<Int128> value = read_decimal(text, type.precision, type.scale);
  if (!value) return std::nullopt;
  if (type.precision <= kInt64Digits) return integer_cell(static_cast<int64_t>(*value));
  return Casted{{}, decimal_bytes(*value)};
}

/// The text of a value of another type, as CSV has it.
std::string text_of(const Batch& batch, const Cell& cell) {
  std::string text;
  switch (cell.type) {
    case ValueType::kNull:
      break;
    case ValueType::kInteger:
      append_integer(text, cell.integer);
      break;
    case ValueType::kReal:
      append_real(text, cell.real);
      break;
    case ValueType::kText:
      text = batch.text(cell);
      break;
    case ValueType::kBlob:
      base64_append(text, batch.text(cell));
  }
  return text;
}

/// Nothing if the value does not fit. Not for NULL, and not for what already is as it must be.
std::optional<Casted> cast_cell(const Batch& batch, const Cell& cell, const ColumnType& type) {
  switch (type.kind) {
    case ColumnKind::kInteger:
      return to_integer(cell);
    case ColumnKind::kReal:
      return to_real(cell);
    case ColumnKind::kText:
    case ColumnKind::kBytes:
      return std::nullopt;
    case ColumnKind::kBoolean:
      return to_boolean(batch, cell);
    case ColumnKind::kDate:
      return to_date(batch, cell);
    case ColumnKind::kTimestamp:
      return to_timestamp(batch, cell);
    case ColumnKind::kDecimal:
      return to_decimal(batch, cell, type);
  }
  return std::nullopt;
}

/// The type of cell that needs no cast; kNull where each value has to be looked at.
ValueType plain_type(const ColumnType& type) {
  switch (type.kind) {
    case ColumnKind::kInteger:
      return ValueType::kInteger;
    case ColumnKind::kReal:
      return ValueType::kReal;
    case ColumnKind::kText:
      return ValueType::kText;
    case ColumnKind::kBytes:
      return ValueType::kBlob;
    default:
      return ValueType::kNull;
  }
}

std::string_view kind_name(const ColumnType& type) {
  constexpr std::array<std::string_view, 8> kNames = {"integer", "real", "text",      "bytes",
                                                      "boolean", "date", "timestamp", "decimal"};
  return kNames.at(static_cast<size_t>(type.kind));
}

}  // namespace

bool ValueCaster::cast(Batch& batch) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!cast_column(batch, i)) return false;
  }
  return true;
}

bool ValueCaster::cast_column(Batch& batch, size_t index) {
  const CastColumn& column = columns_[index];
  const ValueType plain = plain_type(column.type);
  const bool is_text = column.type.kind == ColumnKind::kText;
  for (size_t row = 0; row < batch.rows(); ++row) {
    const Cell cell = batch.at(index, row);
    if (cell.type == ValueType::kNull) continue;
    if (cell.type == plain) {
      if (is_text && !is_utf8(batch.text(cell))) fail(batch, index, row);
      continue;
    }
    const std::optional<Casted> casted = cast_cell(batch, cell, column.type);
    if (casted) {
      if (casted->bytes) {
        batch.replace_blob(index, row, *casted->bytes);
      } else {
        batch.replace(index, row, casted->cell);
      }
      continue;
    }
    if (!settle(batch, index, row)) return false;
  }
  return true;
}

/// What becomes of a value that does not fit.
bool ValueCaster::settle(Batch& batch, size_t index, size_t row) {
  const CastColumn& column = columns_[index];
  const bool surveyed = column.origin == TypeOrigin::kSurveyed;
  if (column.origin == TypeOrigin::kGuessed) return false;
  if (policy_ == TypeMismatch::kString && !surveyed) return false;
  if (surveyed && column.type.kind == ColumnKind::kText) {
    batch.replace_text(index, row, text_of(batch, batch.at(index, row)));
  } else if (policy_ == TypeMismatch::kNull) {
    batch.replace(index, row, Cell());
  } else {
    fail(batch, index, row);
  }
  ++mismatches_;
  return true;
}

void ValueCaster::fail(const Batch& batch, size_t index, size_t row) const {
  const CastColumn& column = columns_[index];
  const Cell& cell = batch.at(index, row);
  if (cell.type == ValueType::kText && !is_utf8(batch.text(cell))) {
    throw Error(
        ErrorCode::kInvalid,
        "Column '" + column.name + "' holds text that is not valid UTF-8 in " + batch.place(row) +
            ".",
        "Correct the data, or write the column as hex(...) or CAST(... AS BLOB) in the query.");
  }
  std::string value = text_of(batch, cell);
  if (value.size() > 80) {
    size_t end = 80;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
    value = value.substr(0, end) + "...";
  }
  throw Error(ErrorCode::kInvalid,
              "The value '" + value + "' in " + batch.place(row) + " does not fit column '" +
                  column.name + "', which is of type " + std::string(kind_name(column.type)) + ".",
              "Correct the data, CAST the column in the query, or set type_mismatch to string or "
              "null.");
}

bool all_fit(const Batch& batch, size_t column, const ColumnType& type) {
  const ValueType plain = plain_type(type);
  for (size_t row = 0; row < batch.rows(); ++row) {
    const Cell& cell = batch.at(column, row);
    if (cell.type == ValueType::kNull || cell.type == plain) continue;
    if (!cast_cell(batch, cell, type)) return false;
  }
  return true;
}

}  // namespace sluice

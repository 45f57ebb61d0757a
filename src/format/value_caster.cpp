#include "format/value_caster.h"

#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "data/cell_text.h"
#include "data/value_text.h"
#include "format/cell_cast.h"
#include "format/nested_json.h"

namespace sluice {
namespace {

/// The text of a value, as CSV has it; as much of it as is UTF-8 where it is nested.
std::string text_of(const Batch& batch, const Cell& cell, const ColumnType& type) {
  switch (cell.type) {
    case ValueType::kNull:
      return {};
    case ValueType::kText:
    case ValueType::kNumber:
      return std::string(batch.text(cell));
    case ValueType::kBlob:
      return base64_encode(batch.text(cell));
    case ValueType::kNested: {
      JsonValues json(JsonIntegers::kNumbers);
      NestedJson(type).put(batch.text(cell), json);
      return json.writer().take();
    }
    case ValueType::kInteger:
    case ValueType::kReal:
    case ValueType::kBoolean:
    case ValueType::kSingle:
    case ValueType::kDate:
    case ValueType::kTimestamp:
      break;
  }
  std::array<char, kNumberBytes> text{};
  return {text.data(), write_cell(text.data(), cell)};
}

/// Whether all text of a value is UTF-8.
bool holds_utf8(const Batch& batch, const Cell& cell, const ColumnType& type) {
  if (cell.type == ValueType::kText) return is_utf8(batch.text(cell));
  JsonValues json(JsonIntegers::kNumbers);
  return cell.type != ValueType::kNested || NestedJson(type).put(batch.text(cell), json);
}

/// The bytes of a cell that has some.
std::string_view bytes_of(const Batch& batch, const Cell& cell) {
  return has_bytes(cell.type) ? batch.text(cell) : std::string_view();
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
  if (is_nested(column.type.kind)) return cast_nested_column(batch, index);
  const ValueType plain = plain_type(column.type);
  const bool is_text = column.type.kind == ColumnKind::kText;
  DecimalBytes decimal;
  for (size_t row = 0; row < batch.rows(); ++row) {
    Cell cell = batch.at(index, row);
    if (cell.type == ValueType::kNull) continue;
    if (cell.type == plain) {
      if (is_text && !is_utf8(batch.text(cell))) fail(batch, index, row);
      continue;
    }
    if (cast_in_place(cell, column.type)) {
      batch.replace(index, row, cell);
    } else if (!cast_cell(cell, bytes_of(batch, cell), column.type, decimal)) {
      if (!settle(batch, index, row)) return false;
    } else if (cell.type == ValueType::kBlob) {
      batch.replace_blob(index, row, {decimal.data(), cell.size});
    } else {
      batch.replace(index, row, cell);
    }
  }
  return true;
}

bool ValueCaster::cast_nested_column(Batch& batch, size_t index) {
  const ColumnType& type = columns_[index].type;
  for (size_t row = 0; row < batch.rows(); ++row) {
    const Cell& cell = batch.at(index, row);
    if (cell.type == ValueType::kNull) continue;
    const NestedCast cast = cell.type == ValueType::kNested ? nested_.cast(batch.text(cell), type)
                                                            : NestedCast::kMisfit;
    if (cast == NestedCast::kCast) batch.replace_nested(index, row, nested_.result());
    if (cast == NestedCast::kNotUtf8) fail(batch, index, row);
    if (cast == NestedCast::kMisfit && !settle(batch, index, row)) return false;
  }
  return true;
}

/// What becomes of a value that does not fit.
bool ValueCaster::settle(Batch& batch, size_t index, size_t row) {
  const CastColumn& column = columns_[index];
  const bool surveyed = column.origin == TypeOrigin::kSurveyed;
  if (column.origin == TypeOrigin::kGuessed) return false;
  if (policy_ == TypeMismatch::kString && column.origin == TypeOrigin::kDeclared) return false;
  if (surveyed && column.type.kind == ColumnKind::kText) {
    batch.replace_text(index, row, text_of(batch, batch.at(index, row), column.type));
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
  if (!holds_utf8(batch, cell, column.type)) fail_not_utf8(column.name, batch.place(row));
  std::string value = text_of(batch, cell, column.type);
  if (value.size() > 80) {
    size_t end = 80;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
    value = value.substr(0, end) + "...";
  }
  // No other type holds what an engine's own does not.
  const bool may_be_text = column.origin != TypeOrigin::kEngine;
  throw Error(
      ErrorCode::kInvalid,
      "The value '" + value + "' in " + batch.place(row) + " does not fit column '" + column.name +
          "', which is of type " + type_name(column.type) + ".",
      std::string("Correct the data, CAST the column in the query, or set type_mismatch to ") +
          (may_be_text ? "string or null." : "null."));
}

bool all_fit(const Batch& batch, size_t column, const ColumnType& type) {
  const ValueType plain = plain_type(type);
  DecimalBytes decimal;
  for (size_t row = 0; row < batch.rows(); ++row) {
    Cell cell = batch.at(column, row);
    if (cell.type == ValueType::kNull || cell.type == plain) continue;
    if (!cast_cell(cell, bytes_of(batch, cell), type, decimal)) return false;
  }
  return true;
}

}  // namespace sluice

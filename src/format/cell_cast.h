#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "data/batch.h"
#include "data/column_type.h"

namespace sluice {

/// The type of cell that is as column_type.h says of a column's type and needs no cast; kNull where
/// each value has to be looked at.
ValueType plain_type(const ColumnType& type);

/// Scales a kTimestamp cell to `digits`, 6 or 9, as kInteger. False, and nothing changed, where the
/// value has finer digits or passes int64_t.
bool cast_timestamp(Cell& cell, uint32_t digits);

/// The casts that are no more than another name for the same number, in a column of their kind.
/// False, and nothing changed, where it takes more than that.
inline bool cast_in_place(Cell& cell, const ColumnType& type) {
  switch (cell.type) {
    case ValueType::kBoolean:
      if (type.kind != ColumnKind::kBoolean) return false;
      cell.type = ValueType::kInteger;
      return true;
    case ValueType::kDate:
      if (type.kind != ColumnKind::kDate) return false;
      cell.type = ValueType::kInteger;
      return true;
    case ValueType::kSingle:
      if (type.kind != ColumnKind::kSingle && type.kind != ColumnKind::kReal) return false;
      cell.type = ValueType::kReal;
      return true;
    case ValueType::kInteger:
      return type.kind == ColumnKind::kUnsigned && cell.integer >= 0;
    case ValueType::kTimestamp:
      return type.kind == ColumnKind::kTimestamp && cast_timestamp(cell, type.scale == 9 ? 9 : 6);
    default:
      return false;
  }
}

/// Room for the longest decimal.
using DecimalBytes = std::array<char, 32>;

/// Makes a value of the cell what column_type.h says of the type, if that is the same value; false,
/// and nothing changed, where it does not fit. `text` is that of a cell that has bytes. A long
/// decimal becomes a kBlob whose bytes are the first `size` of `decimal`: the caller places them.
/// Not for NULL, for what is as it must be, and for nested types.
bool cast_cell(Cell& cell, std::string_view text, const ColumnType& type, DecimalBytes& decimal);

}  // namespace sluice

#pragma once

#include <string>
#include <string_view>

#include "data/nested_value.h"

namespace sluice {

inline Cell cell_of(ValueType type, int64_t integer, uint32_t size = 0) {
  Cell cell;
  cell.type = type;
  cell.size = size;
  cell.integer = integer;
  return cell;
}
inline Cell real_cell(ValueType type, double real) {
  Cell cell;
  cell.type = type;
  cell.real = real;
  return cell;
}
inline Cell timestamp_cell(int64_t value, uint32_t digits, bool zoned = false) {
  return cell_of(ValueType::kTimestamp, value, TimestampUnit{digits, zoned}.size());
}

/// A value of nested_value.h, put together part by part.
class NestedBytes {
 public:
  NestedBytes& begin(uint32_t count) {
    writer_.begin(count);
    return *this;
  }
  NestedBytes& null() { return cell(Cell()); }
  NestedBytes& integer(int64_t value) { return cell(cell_of(ValueType::kInteger, value)); }
  NestedBytes& cell(const Cell& cell) {
    writer_.put(cell);
    return *this;
  }
  NestedBytes& text(std::string_view text) { return bytes(ValueType::kText, text); }
  NestedBytes& number(std::string_view text) { return bytes(ValueType::kNumber, text); }
  NestedBytes& bytes(ValueType type, std::string_view bytes) {
    writer_.put_bytes(type, bytes);
    return *this;
  }
  const std::string& take() const { return bytes_; }

 private:
  std::string bytes_;
  NestedWriter writer_{bytes_};
};

inline ColumnType nested_type(ColumnKind kind, std::vector<ColumnField> fields) {
  ColumnType type{kind};
  type.fields = std::make_shared<std::vector<ColumnField>>(std::move(fields));
  return type;
}
inline ColumnType list_of(ColumnType element) {
  return nested_type(ColumnKind::kList, {{"element", std::move(element)}});
}
inline ColumnType map_of(ColumnType key, ColumnType value) {
  return nested_type(ColumnKind::kMap, {{"key", std::move(key)}, {"value", std::move(value)}});
}
inline ColumnType struct_of(std::vector<ColumnField> fields) {
  return nested_type(ColumnKind::kStruct, std::move(fields));
}
/// A kTimestamp in nanoseconds.
inline ColumnType nanoseconds() {
  ColumnType type{ColumnKind::kTimestamp};
  type.scale = 9;
  return type;
}

/// A result that has a value of each type that only engines with typed columns have, and then a row
/// of NULL.
struct EngineRows {
  static std::vector<ColumnInfo> columns() {
    return {{"flag", "Bool", ColumnType{ColumnKind::kBoolean}},
            {"single", "Float32", ColumnType{ColumnKind::kSingle}},
            {"day", "Date32", ColumnType{ColumnKind::kDate}},
            {"at", "DateTime64(3, 'UTC')", ColumnType{ColumnKind::kTimestamp}},
            {"price", "Decimal(20, 2)", ColumnType{ColumnKind::kDecimal, 20, 2}},
            {"tags", "Array(Nullable(String))", list_of({ColumnKind::kText})},
            {"pair", "Tuple(a Int64, b Map(Date, Bool))",
             struct_of({{"a", {ColumnKind::kInteger}},
                        {"b", map_of({ColumnKind::kDate}, {ColumnKind::kBoolean})}})}};
  }
  static Batch batch() {
    Batch batch;
    batch.reset(7);
    batch.add_cell(0, cell_of(ValueType::kBoolean, 1));
    batch.add_cell(1, real_cell(ValueType::kSingle, static_cast<double>(0.1F)));
    batch.add_cell(2, cell_of(ValueType::kDate, 19782));
    batch.add_cell(3, timestamp_cell(-1, 3, true));
    batch.add_bytes(4, ValueType::kNumber, "-12.50");
    batch.add_bytes(5, ValueType::kNested, NestedBytes().begin(2).text("a\"b").null().take());
    batch.add_bytes(6, ValueType::kNested,
                    NestedBytes()
                        .begin(2)
                        .integer(7)
                        .begin(1)
                        .cell(cell_of(ValueType::kDate, 0))
                        .cell(cell_of(ValueType::kBoolean, 0))
                        .take());
    batch.end_row();
    for (size_t column = 0; column < 7; ++column) batch.add_null(column);
    batch.end_row();
    return batch;
  }
};

}  // namespace sluice

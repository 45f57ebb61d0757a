#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/char_buffer.h"
#include "data/column_type.h"

namespace sluice {

/// The type of one value. SQLite types values, not columns, and has the first five.
enum class ValueType : uint8_t {
  kNull,
  kInteger,
  kReal,
  kText,
  kBlob,
  kBoolean,    ///< `integer`: 0 or 1.
  kSingle,     ///< `real`: a number that a 32-bit float holds.
  kDate,       ///< `integer`: days since 1970-01-01, in 32 bits.
  kTimestamp,  ///< `integer` since 1970-01-01 00:00:00 UTC in the unit that `size` says, a
               ///< TimestampUnit.
  kNumber,     ///< Text in the arena, a decimal number of any length: `-12.50`.
  kNested,     ///< Bytes in the arena (nested_value.h), by the column's type.
};

/// Whether a value is bytes in an arena, and not in the cell itself.
constexpr bool has_bytes(ValueType type) {
  return type == ValueType::kText || type == ValueType::kBlob || type == ValueType::kNumber ||
         type == ValueType::kNested;
}

/// How a kTimestamp cell counts, as its `size`.
struct TimestampUnit {
  uint32_t digits = 0;  ///< 0 to 9: of the second's fraction.
  bool zoned = false;   ///< The column has a time zone of its own, so text says that it is UTC.

  static TimestampUnit of(uint32_t size) { return {size & 0xF, (size & 0x10) != 0}; }
  uint32_t size() const { return digits | (zoned ? 0x10U : 0U); }
  int64_t per_second() const {
    constexpr std::array<int64_t, 10> kPowers = {
        1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
    return kPowers.at(digits);
  }
};

/// One value; text and bytes live in the arena of the batch that holds the cell.
struct Cell {
  ValueType type = ValueType::kNull;
  uint32_t size = 0;
  union {
    int64_t integer;
    double real;
    uint64_t offset;
  };
  Cell() : integer(0) {}
};

struct ColumnInfo {
  std::string name;
  /// As the table declares it ("INTEGER", "TEXT"); empty for an expression.
  std::string declared_type;
  /// What every value of it is, where the engine types columns: NULL, or a cell that is cast to
  /// this type without loss.
  std::optional<ColumnType> type = {};
};

std::vector<std::string> names_of(const std::vector<ColumnInfo>& columns);
/// All of them, as a format without types is given them: with a type where the engine says it.
std::vector<FileColumn> file_columns_of(const std::vector<ColumnInfo>& columns);

/// The error of those who store rows, which come from files and SQLite alone, for a cell of a type
/// that they do not have. kInternal.
[[noreturn]] void fail_not_stored(ValueType type);

/// Some rows of a result, column by column. Reused: `clear` keeps the memory. Not thread-safe.
class Batch {
 public:
  /// Forgets rows and columns and starts over with `columns` columns.
  void reset(size_t columns);
  /// Forgets the rows; keeps columns and memory.
  void clear() {
    rows_ = 0;
    arena_.clear();
  }

  /// Where the rows stand, for messages: the first of them is number `first_row` (from 1) `of`
  /// something. Kept until set again.
  void set_place(uint64_t first_row, std::string of) {
    first_row_ = first_row;
    of_ = std::move(of);
  }
  /// "row 17 of the result".
  std::string place(size_t row) const { return "row " + std::to_string(first_row_ + row) + of_; }

  size_t rows() const { return rows_; }
  size_t columns() const { return columns_; }
  /// Bytes of all values, about; what "full" is measured by.
  size_t bytes() const { return arena_.size() + rows_ * columns_ * sizeof(Cell); }

  const Cell& at(size_t column, size_t row) const { return cells_[column * capacity_ + row]; }
  /// Text or bytes of a cell of this batch; valid until the next change of the batch. Behind it
  /// CharBuffer::kSlack bytes more may be read.
  std::string_view text(const Cell& cell) const { return {arena_.data() + cell.offset, cell.size}; }

  /// Replaces the value of a cell; the old one's bytes stay where they are.
  void replace(size_t column, size_t row, const Cell& cell) { cell_at(column, row) = cell; }
  void replace_text(size_t column, size_t row, std::string_view value) {
    put(cell_at(column, row), ValueType::kText, value);
  }
  void replace_blob(size_t column, size_t row, std::string_view value) {
    put(cell_at(column, row), ValueType::kBlob, value);
  }
  void replace_nested(size_t column, size_t row, std::string_view value) {
    put(cell_at(column, row), ValueType::kNested, value);
  }

  /// Leaves out the rows that `keep`, one for each row, does not say; the others move up.
  void keep_rows(const std::vector<bool>& keep);

  // A row: a value for each column, in any order, then `end_row`.
  void add_null(size_t column) { cell_at(column, rows_).type = ValueType::kNull; }
  void add_integer(size_t column, int64_t value) {
    Cell& cell = cell_at(column, rows_);
    cell.type = ValueType::kInteger;
    cell.integer = value;
  }
  void add_real(size_t column, double value) {
    Cell& cell = cell_at(column, rows_);
    cell.type = ValueType::kReal;
    cell.real = value;
  }
  void add_text(size_t column, std::string_view value) {
    put(cell_at(column, rows_), ValueType::kText, value);
  }
  void add_blob(size_t column, std::string_view value) {
    put(cell_at(column, rows_), ValueType::kBlob, value);
  }
  /// A value that is in the cell itself.
  void add_cell(size_t column, const Cell& cell) { cell_at(column, rows_) = cell; }
  /// kText, kBlob, kNumber or kNested.
  void add_bytes(size_t column, ValueType type, std::string_view value) {
    put(cell_at(column, rows_), type, value);
  }
  /// Text or bytes that lie in the arena already.
  void add_bytes_at(size_t column, ValueType type, uint64_t offset, uint32_t size) {
    Cell& cell = cell_at(column, rows_);
    cell.type = type;
    cell.size = size;
    cell.offset = offset;
  }
  void end_row() {
    if (++rows_ == capacity_) grow();
  }

  // What brings many values at once (a page of a database) is put into the arena whole.
  /// Space for `bytes`; valid until the next change of the batch.
  char* arena_room(size_t bytes) { return arena_.room(bytes); }
  /// The first `bytes` of the room belong to the batch now; returns their offset.
  uint64_t arena_keep(size_t bytes) {
    const uint64_t offset = arena_.size();
    arena_.wrote(arena_.data() + offset + bytes);
    return offset;
  }
  const char* arena_data() const { return arena_.data(); }

 private:
  Cell& cell_at(size_t column, size_t row) { return cells_[column * capacity_ + row]; }
  void put(Cell& cell, ValueType type, std::string_view value) {
    cell.type = type;
    cell.size = static_cast<uint32_t>(value.size());
    cell.offset = arena_.size();
    arena_.append(value);
  }
  void grow();

  size_t rows_ = 0;
  size_t columns_ = 0;
  size_t capacity_ = 0;  ///< Rows; there is always room for one more.
  uint64_t first_row_ = 1;
  std::string of_ = " of the result";
  std::vector<Cell> cells_;  ///< Column after column, each of `capacity_` cells.
  CharBuffer arena_;
};

}  // namespace sluice

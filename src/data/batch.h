#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// The type of one value. SQLite types values, not columns; later sources add to this list.
enum class ValueType : uint8_t { kNull, kInteger, kReal, kText, kBlob };

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
};

/// Some rows of a result, column by column. Reused: `clear` keeps the memory. Not thread-safe.
class Batch {
 public:
  /// Forgets rows and columns and starts over with `columns` columns.
  void reset(size_t columns);
  /// Forgets the rows; keeps columns and memory.
  void clear();

  /// Where the rows stand, for messages: the first of them is number `first_row` (from 1) `of`
  /// something. Kept until set again.
  void set_place(uint64_t first_row, std::string of) {
    first_row_ = first_row;
    of_ = std::move(of);
  }
  /// "row 17 of the result".
  std::string place(size_t row) const { return "row " + std::to_string(first_row_ + row) + of_; }

  size_t rows() const { return rows_; }
  size_t columns() const { return columns_.size(); }
  /// Bytes of all values, about; what "full" is measured by.
  size_t bytes() const { return arena_.size() + rows_ * columns_.size() * sizeof(Cell); }

  const Cell& at(size_t column, size_t row) const { return columns_[column][row]; }
  /// Text or bytes of a cell of this batch; valid until the next change of the batch.
  std::string_view text(const Cell& cell) const {
    return std::string_view(arena_).substr(cell.offset, cell.size);
  }

  /// Replaces the value of a cell; the old one's bytes stay where they are.
  void replace(size_t column, size_t row, const Cell& cell) { columns_[column][row] = cell; }
  void replace_text(size_t column, size_t row, std::string_view value) {
    put(columns_[column][row], ValueType::kText, value);
  }
  void replace_blob(size_t column, size_t row, std::string_view value) {
    put(columns_[column][row], ValueType::kBlob, value);
  }

  // A row is appended value by value, columns in order, then `end_row`.
  void add_null(size_t column) { columns_[column].emplace_back(); }
  void add_integer(size_t column, int64_t value);
  void add_real(size_t column, double value);
  void add_text(size_t column, std::string_view value) { add(column, ValueType::kText, value); }
  void add_blob(size_t column, std::string_view value) { add(column, ValueType::kBlob, value); }
  void end_row() { ++rows_; }

 private:
  void add(size_t column, ValueType type, std::string_view value) {
    put(columns_[column].emplace_back(), type, value);
  }
  void put(Cell& cell, ValueType type, std::string_view value);

  size_t rows_ = 0;
  uint64_t first_row_ = 1;
  std::string of_ = " of the result";
  std::vector<std::vector<Cell>> columns_;
  std::string arena_;
};

}  // namespace sluice

#include "data/batch.h"

#include <algorithm>

#include "base/error.h"

namespace sluice {
namespace {

/// Capacities stay 4 cells, a cache line, below a power of two: else the columns, which are filled
/// side by side, would share the same few sets of the cache.
constexpr size_t kFirstRows = 60;
constexpr size_t kLineOfCells = 4;

}  // namespace

std::vector<std::string> names_of(const std::vector<ColumnInfo>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const ColumnInfo& column : columns) names.push_back(column.name);
  return names;
}

std::vector<FileColumn> file_columns_of(const std::vector<ColumnInfo>& columns) {
  std::vector<FileColumn> all;
  all.reserve(columns.size());
  for (const ColumnInfo& column : columns) {
    all.push_back({column.name, column.type.value_or(ColumnType()), all.size()});
  }
  return all;
}

void fail_not_stored(ValueType type) {
  throw Error(ErrorCode::kInternal, "A value of type " + std::to_string(static_cast<int>(type)) +
                                        " has no form in which it is stored.");
}

void Batch::reset(size_t columns) {
  clear();
  if (columns == columns_ && !cells_.empty()) return;  // Empty: moved from.
  columns_ = columns;
  capacity_ = kFirstRows;
  cells_.assign(columns_ * capacity_, Cell());
}

void Batch::keep_rows(const std::vector<bool>& keep) {
  size_t kept = 0;
  for (size_t column = 0; column < columns_; ++column) {
    kept = 0;
    for (size_t row = 0; row < rows_; ++row) {
      if (keep[row]) cell_at(column, kept++) = at(column, row);
    }
  }
  rows_ = kept;
}

void Batch::grow() {
  const size_t capacity = 2 * capacity_ + kLineOfCells;
  std::vector<Cell> cells(columns_ * capacity);
  for (size_t column = 0; column < columns_; ++column) {
    const auto from = cells_.begin() + static_cast<std::ptrdiff_t>(column * capacity_);
    std::copy_n(from, rows_, cells.begin() + static_cast<std::ptrdiff_t>(column * capacity));
  }
  cells_ = std::move(cells);
  capacity_ = capacity;
}

}  // namespace sluice

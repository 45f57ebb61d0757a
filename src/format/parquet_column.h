#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "data/batch.h"
#include "data/column_type.h"
#include "format/parquet_levels.h"
#include "format/parquet_metadata.h"
#include "format/parquet_page.h"

namespace sluice {

/// Collects the values of one column, or of one leaf of a nested one, and writes them as a column
/// chunk: with a dictionary where that is less (dictionary_rule), else PLAIN; booleans always
/// PLAIN. One thread at a time.
class ParquetColumn {
 public:
  virtual ~ParquetColumn() = default;
  /// Throws kInternal for a value that is not of the column's kind (data/column_type.h).
  virtual void add(const Batch& batch) = 0;
  virtual void add(const Batch& batch, std::span<const uint32_t> rows) = 0;
  /// Entries of a leaf of nested values: the values of those that have one are the only column of
  /// `values`. Ends with a whole row.
  virtual void add(const Batch& values, const NestedLevels& levels) = 0;
  /// Memory that the values take.
  virtual size_t bytes() const = 0;
  /// Writes the values, of one row at least, at the end of `out`. Call `clear` after it.
  virtual ParquetColumnChunk encode(ParquetPageWriter& pages, std::string& out) = 0;
  /// Forgets the values; keeps the memory.
  virtual void clear() = 0;
};

/// `column`, whose type is not nested, outlives what is made for it.
std::unique_ptr<ParquetColumn> make_parquet_column(const FileColumn& column,
                                                   LevelLimits levels = {});

/// How values of a type that is not nested are stored.
ParquetType parquet_type(const ColumnType& type);

// One maker for each way of collecting, for `make_parquet_column` alone.
std::unique_ptr<ParquetColumn> make_parquet_boolean_column(const FileColumn& column,
                                                           LevelLimits levels);
std::unique_ptr<ParquetColumn> make_parquet_number_column(const FileColumn& column,
                                                          LevelLimits levels);
std::unique_ptr<ParquetColumn> make_parquet_text_column(const FileColumn& column,
                                                        LevelLimits levels);

/// Calls `each` with every cell of a column, or with those of `rows`.
template <class Each>
void for_each_cell(const Batch& batch, size_t column, Each each) {
  const size_t rows = batch.rows();
  const Cell* cells = rows > 0 ? &batch.at(column, 0) : nullptr;
  for (size_t row = 0; row < rows; ++row) each(cells[row]);
}
template <class Each>
void for_each_cell(const Batch& batch, size_t column, std::span<const uint32_t> rows, Each each) {
  if (rows.empty()) return;
  const Cell* cells = &batch.at(column, 0);
  for (const uint32_t row : rows) each(cells[row]);
}

[[noreturn]] void fail_wrong_kind(const FileColumn& column);

}  // namespace sluice

#include <algorithm>

#include "format/defined_rows.h"
#include "format/parquet_column.h"

namespace sluice {
namespace {

class BooleanColumn final : public ParquetColumn {
 public:
  explicit BooleanColumn(const FileColumn& column) : column_(column) {}

  void add(const Batch& batch) override {
    for_each_cell(batch, column_.source, [&](const Cell& cell) { add_cell(cell); });
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    for_each_cell(batch, column_.source, rows, [&](const Cell& cell) { add_cell(cell); });
  }

  size_t bytes() const override { return defined_.bytes() + values_.bytes(); }

  ParquetColumnChunk encode(ParquetPageWriter& pages, std::string& out) override {
    pages.begin(out);
    size_t value = 0;
    for (size_t row = 0; row < defined_.rows();) {
      const size_t rows = std::min(kPageRows, defined_.rows() - row);
      const size_t values = defined_.values(row, rows);
      values_.append_to(pages.begin_data(rows, defined_.bits(), row), value, values);
      pages.end_data(ParquetEncoding::kPlain);
      value += values;
      row += rows;
    }
    ParquetColumnChunk chunk = pages.end();
    put_statistics(chunk.statistics);
    return chunk;
  }

  void clear() override {
    defined_.clear();
    values_.clear();
  }

 private:
  void add_cell(const Cell& cell) {
    if (cell.type == ValueType::kInteger) {
      values_.add(cell.integer != 0);
      defined_.add_value();
    } else if (cell.type == ValueType::kNull) {
      defined_.add_null();
    } else {
      fail_wrong_kind(column_);
    }
  }

  void put_statistics(ParquetStatistics& statistics) const {
    const size_t trues = values_.ones(0, values_.size());
    const size_t falses = values_.size() - trues;
    statistics.nulls = static_cast<int64_t>(defined_.nulls());
    statistics.distinct = (trues > 0 ? 1 : 0) + (falses > 0 ? 1 : 0);
    if (values_.size() == 0) return;
    statistics.min = std::string(1, falses > 0 ? '\0' : '\1');
    statistics.max = std::string(1, trues > 0 ? '\1' : '\0');
  }

  const FileColumn& column_;
  DefinedRows defined_;
  BitVector values_;
};

}  // namespace

std::unique_ptr<ParquetColumn> make_parquet_boolean_column(const FileColumn& column) {
  return std::make_unique<BooleanColumn>(column);
}

}  // namespace sluice

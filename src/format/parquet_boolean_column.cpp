#include <algorithm>

#include "format/parquet_column.h"

namespace sluice {
namespace {

class BooleanColumn final : public ParquetColumn {
 public:
  BooleanColumn(const FileColumn& column, LevelLimits levels) : column_(column), levels_(levels) {}

  void add(const Batch& batch) override {
    for_each_cell(batch, column_.source, [&](const Cell& cell) { add_cell(cell); });
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    for_each_cell(batch, column_.source, rows, [&](const Cell& cell) { add_cell(cell); });
  }

  void add(const Batch& values, const NestedLevels& levels) override {
    for_each_cell(values, 0, [&](const Cell& cell) { add_value(cell); });
    for (size_t i = 0; i < levels.definition.size(); ++i) {
      levels_.add(levels.definition[i], levels.repetition[i]);
    }
  }

  size_t bytes() const override { return levels_.bytes() + values_.bytes(); }

  ParquetColumnChunk encode(ParquetPageWriter& pages, std::string& out) override {
    pages.begin(out);
    size_t value = 0;
    for (size_t first = 0; first < levels_.entries();) {
      const size_t entries = levels_.whole_records(first, levels_.entries(), kPageEntries);
      const size_t values = levels_.values(first, entries);
      values_.append_to(pages.begin_data(levels_, first, entries), value, values);
      pages.end_data(ParquetEncoding::kPlain);
      value += values;
      first += entries;
    }
    ParquetColumnChunk chunk = pages.end();
    put_statistics(chunk.statistics);
    return chunk;
  }

  void clear() override {
    levels_.clear();
    values_.clear();
  }

 private:
  void add_cell(const Cell& cell) {
    if (cell.type == ValueType::kNull) return levels_.add_null();
    add_value(cell);
    levels_.add_value();
  }

  void add_value(const Cell& cell) {
    if (cell.type != ValueType::kInteger) fail_wrong_kind(column_);
    values_.add(cell.integer != 0);
  }

  void put_statistics(ParquetStatistics& statistics) const {
    const size_t trues = values_.ones(0, values_.size());
    const size_t falses = values_.size() - trues;
    statistics.nulls = static_cast<int64_t>(levels_.nulls());
    statistics.distinct = (trues > 0 ? 1 : 0) + (falses > 0 ? 1 : 0);
    if (values_.size() == 0) return;
    statistics.min = std::string(1, falses > 0 ? '\0' : '\1');
    statistics.max = std::string(1, trues > 0 ? '\1' : '\0');
  }

  const FileColumn& column_;
  ParquetLevels levels_;
  BitVector values_;
};

}  // namespace

std::unique_ptr<ParquetColumn> make_parquet_boolean_column(const FileColumn& column,
                                                           LevelLimits levels) {
  return std::make_unique<BooleanColumn>(column, levels);
}

}  // namespace sluice

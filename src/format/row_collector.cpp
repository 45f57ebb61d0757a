#include "format/row_collector.h"

#include <algorithm>
#include <cstring>

#include "base/limits.h"

namespace sluice {
namespace {

/// Values as they stand in memory, each behind its type: written and read by one process.
class RowCollector final : public BlockCollector {
 public:
  RowCollector(const FileFormat& format, const std::vector<FileColumn>& columns)
      : format_(format), columns_(columns) {}

  void add(const Batch& batch) override {
    for (size_t row = 0; row < batch.rows(); ++row) put_row(batch, row);
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    for (const uint32_t row : rows) put_row(batch, row);
  }
  uint64_t rows() const override { return rows_; }
  size_t bytes() const override { return held_.size(); }

  void drain(std::string& out) override {
    out += held_;
    held_ = {};
    rows_ = 0;
  }
  void restore(std::string_view drained, uint64_t rows) override {
    held_ += drained;
    rows_ += rows;
  }

  Block take(bool first) override {
    const std::unique_ptr<BlockBuilder> builder = format_.make_builder();
    std::string_view left = held_;
    Batch batch;
    while (!left.empty()) {
      batch.reset(batch_columns());
      while (!left.empty() && batch.rows() < limits::kBatchRows) read_row(left, batch);
      builder->add(batch);
    }
    held_ = {};
    rows_ = 0;
    return builder->take(first);
  }

 private:
  size_t batch_columns() const {
    size_t count = 0;
    for (const FileColumn& column : columns_) count = std::max(count, column.source + 1);
    return count;
  }

  template <class Value>
  void put(const Value& value) {
    held_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class Value>
  static Value take_value(std::string_view& from) {
    Value value;
    std::memcpy(&value, from.data(), sizeof value);
    from.remove_prefix(sizeof value);
    return value;
  }

  void put_row(const Batch& batch, size_t row) {
    ++rows_;
    for (const FileColumn& column : columns_) {
      const Cell& cell = batch.at(column.source, row);
      put(cell.type);
      if (has_bytes(cell.type)) {
        put(cell.size);
        held_ += batch.text(cell);
      } else if (cell.type != ValueType::kNull) {
        put(cell.integer);  // The same eight bytes as `real`.
        if (cell.type == ValueType::kTimestamp) put(cell.size);
      }
    }
  }

  void read_row(std::string_view& from, Batch& batch) const {
    for (const FileColumn& column : columns_) {
      Cell cell;
      cell.type = take_value<ValueType>(from);
      if (has_bytes(cell.type)) {
        const auto size = take_value<uint32_t>(from);
        batch.add_bytes(column.source, cell.type, from.substr(0, size));
        from.remove_prefix(size);
        continue;
      }
      if (cell.type != ValueType::kNull) cell.integer = take_value<int64_t>(from);
      if (cell.type == ValueType::kTimestamp) cell.size = take_value<uint32_t>(from);
      batch.add_cell(column.source, cell);
    }
    batch.end_row();
  }

  const FileFormat& format_;
  const std::vector<FileColumn>& columns_;
  std::string held_;
  uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<BlockCollector> make_row_collector(const FileFormat& format,
                                                   const std::vector<FileColumn>& columns) {
  return std::make_unique<RowCollector>(format, columns);
}

}  // namespace sluice

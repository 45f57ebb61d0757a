#include <algorithm>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "format/file_formats.h"
#include "format/parquet_column.h"
#include "format/parquet_footer.h"
#include "format/parquet_schema.h"
#include "format/parquet_shredder.h"
#include "format/row_collector.h"

namespace sluice {
namespace {

void check_unique(const std::vector<FileColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const FileColumn& column : columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw Error(ErrorCode::kInvalid, "The query has two columns named '" + *twice + "'.",
              "Parquet needs a different name for each column; rename one with AS.");
}

/// One row group for each block.
class ParquetFormat final : public FileFormat {
 public:
  explicit ParquetFormat(FormatSpec spec) : spec_(std::move(spec)) {
    check_compression(Format::kParquet, spec_.compression);
    check_unique(spec_.columns);
    leaves_ = parquet_leaves(spec_.columns);
  }

  std::unique_ptr<BlockBuilder> make_builder() const override;
  std::unique_ptr<BlockCollector> make_collector() const override {
    return make_row_collector(*this, spec_.columns);
  }
  std::unique_ptr<BlockJoiner> make_joiner(ByteSink& out, bool with_head) const override;

  const FormatSpec& spec() const { return spec_; }
  const std::vector<ParquetLeaf>& leaves() const { return leaves_; }
  /// A writer for the calling thread alone. There are as many as threads encode at the same time,
  /// however many builders there are: a codec's memory is large.
  std::unique_ptr<ParquetPageWriter> take_page_writer() const {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
      return std::make_unique<ParquetPageWriter>(spec_.compression,
                                                 spec_.options.compression_level);
    }
    std::unique_ptr<ParquetPageWriter> writer = std::move(idle_.back());
    idle_.pop_back();
    return writer;
  }
  void give_back(std::unique_ptr<ParquetPageWriter> writer) const {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(writer));
  }

 private:
  FormatSpec spec_;
  std::vector<ParquetLeaf> leaves_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<ParquetPageWriter>> idle_;
};

class ParquetBuilder final : public BlockBuilder {
 public:
  explicit ParquetBuilder(const ParquetFormat& format) : format_(format) { make_columns(); }

  void add(const Batch& batch) override {
    if (batch.rows() == 0) return;
    for (ParquetColumn* column : flat_) column->add(batch);
    for (ParquetShredder& column : nested_) column.add(batch);
    rows_ += batch.rows();
  }
  void add(const Batch& batch, std::span<const uint32_t> rows) override {
    if (rows.empty()) return;
    for (ParquetColumn* column : flat_) column->add(batch, rows);
    for (ParquetShredder& column : nested_) column.add(batch, rows);
    rows_ += rows.size();
  }
  uint64_t rows() const override { return rows_; }
  size_t bytes() const override {
    size_t bytes = 0;
    for (const auto& column : columns_) bytes += column->bytes();
    return bytes;
  }

  Block take(bool) override {
    Block block;
    if (rows_ == 0) return block;
    const size_t held = bytes();
    auto group = std::make_shared<ParquetRowGroup>();
    block.bytes.reserve(held);  // What is not written costs addresses, not memory.
    std::unique_ptr<ParquetPageWriter> pages = format_.take_page_writer();
    for (auto& column : columns_) {
      group->columns.push_back(column->encode(*pages, block.bytes));
      block.raw_bytes += group->columns.back().raw_bytes;
    }
    format_.give_back(std::move(pages));
    block.rows = std::exchange(rows_, 0);
    group->rows = static_cast<int64_t>(block.rows);
    block.row_group = std::move(group);
    forget(held);
    return block;
  }

 private:
  void make_columns() {
    columns_.clear();
    flat_.clear();
    nested_.clear();
    for (const ParquetLeaf& leaf : format_.leaves()) {
      columns_.push_back(make_parquet_column(leaf.column, leaf.levels));
    }
    std::span<const std::unique_ptr<ParquetColumn>> left(columns_);
    for (const FileColumn& column : format_.spec().columns) {
      const size_t leaves = count_parquet_leaves(column.type);
      if (is_nested(column.type.kind)) {
        nested_.emplace_back(column, left.first(leaves));
      } else {
        flat_.push_back(left.front().get());
      }
      left = left.subspan(leaves);
    }
  }

  /// Memory is kept where a whole row group was collected and the next will be; not by a builder of
  /// one of many small files.
  void forget(size_t held) {
    constexpr size_t kWorthKeeping = 8 * 1024 * 1024;
    if (held < kWorthKeeping) return make_columns();
    for (auto& column : columns_) column->clear();
  }

  const ParquetFormat& format_;
  std::vector<std::unique_ptr<ParquetColumn>> columns_;  ///< Of the leaves.
  std::vector<ParquetColumn*> flat_;                     ///< Those that are a column of the result,
  std::vector<ParquetShredder> nested_;                  ///< and who fills the others.
  uint64_t rows_ = 0;
};

class ParquetJoiner final : public BlockJoiner {
 public:
  ParquetJoiner(const FormatSpec& spec, const std::vector<ParquetLeaf>& leaves, ByteSink& out)
      : spec_(spec), leaves_(leaves), out_(out) {}

  void append(Block block) override {
    begin();
    if (block.rows == 0) return;
    out_.write(block.bytes);
    groups_.push_back({offset_, std::move(block.row_group)});
    offset_ += block.bytes.size();
  }

  void finish() override {
    begin();
    out_.write(parquet_footer(spec_, leaves_, groups_));
    out_.finish();
  }

 private:
  void begin() {
    if (offset_ > 0) return;
    out_.write(kParquetMagic);
    offset_ = kParquetMagic.size();
  }

  const FormatSpec& spec_;
  const std::vector<ParquetLeaf>& leaves_;
  ByteSink& out_;
  uint64_t offset_ = 0;
  std::vector<PlacedRowGroup> groups_;
};

std::unique_ptr<BlockBuilder> ParquetFormat::make_builder() const {
  return std::make_unique<ParquetBuilder>(*this);
}

std::unique_ptr<BlockJoiner> ParquetFormat::make_joiner(ByteSink& out, bool /*with_head*/) const {
  return std::make_unique<ParquetJoiner>(spec_, leaves_, out);
}

}  // namespace

std::unique_ptr<FileFormat> make_parquet_format(FormatSpec spec) {
  return std::make_unique<ParquetFormat>(std::move(spec));
}

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/batch.h"
#include "data/byte_sink.h"
#include "data/column_type.h"
#include "domain/format.h"

namespace sluice {

/// What a file's footer has to know of a row group; Parquet's own (parquet_metadata.h).
struct ParquetRowGroup;

/// A stretch of rows of one file, encoded and compressed. Blocks are made in any order and on any
/// thread, and joined in the order of their rows.
struct Block {
  std::string bytes;
  uint64_t rows = 0;
  uint64_t raw_bytes = 0;                            ///< Before compression.
  std::shared_ptr<const ParquetRowGroup> row_group;  ///< Parquet only; offsets within `bytes`.
};

/// Collects rows and makes blocks of them. One thread at a time; reused from block to block, so
/// that nothing is allocated per row. After a throw it is of no more use.
class BlockBuilder {
 public:
  virtual ~BlockBuilder() = default;
  /// Every row of the batch.
  virtual void add(const Batch& batch) = 0;
  /// The rows with these indexes, in this order.
  virtual void add(const Batch& batch, std::span<const uint32_t> rows) = 0;
  /// Rows added since the last `take`.
  virtual uint64_t rows() const = 0;
  /// Memory held for them, about: what "full" is measured by.
  virtual size_t bytes() const = 0;
  /// The block of these rows, which are forgotten. `first`: it begins a file (a CSV file's header
  /// is in it, also when there is no row).
  virtual Block take(bool first) = 0;
};

/// A builder that costs little while it holds little, for exports of many files. What it holds can
/// be put away as bytes and taken up again by another collector of the same format.
class BlockCollector : public BlockBuilder {
 public:
  /// Adds to `out` what is held, in a form for `restore`, and forgets it.
  virtual void drain(std::string& out) = 0;
  /// Adds what was drained of so many rows.
  virtual void restore(std::string_view drained, uint64_t rows) = 0;
};

/// Joins the blocks of one file and adds what stands around them. One thread at a time.
class BlockJoiner {
 public:
  virtual ~BlockJoiner() = default;
  /// The next block.
  virtual void append(Block block) = 0;
  /// Ends the file and finishes its sink. At least one block was appended.
  virtual void finish() = 0;
};

/// The format of all files of one export. Immutable and thread-safe; outlives what it makes.
class FileFormat {
 public:
  virtual ~FileFormat() = default;
  virtual std::unique_ptr<BlockBuilder> make_builder() const = 0;
  virtual std::unique_ptr<BlockCollector> make_collector() const = 0;
  /// `out` outlives the joiner. `with_head`: the first block was not taken with `first`, so the
  /// joiner begins the file.
  virtual std::unique_ptr<BlockJoiner> make_joiner(ByteSink& out, bool with_head) const = 0;
  /// What a joiner holds between its first block and its end, in bytes, about; 0: nothing that
  /// counts.
  virtual size_t open_file_bytes() const { return 0; }
};

/// All that says how rows become the bytes of a file.
struct FormatSpec {
  Format format = Format::kCsv;
  Compression compression = Compression::kNone;
  FileOptions options;
  std::vector<FileColumn> columns;
  /// Key and value, stored in the file where the format has a place for it (Parquet).
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// Throws kInvalid for columns that the format can't name: not UTF-8 or, in NDJSON and Parquet, two
/// of the same name.
std::unique_ptr<FileFormat> make_file_format(FormatSpec spec);

}  // namespace sluice

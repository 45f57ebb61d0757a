#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/parquet_numbers.h"

// What stands in a Parquet file besides its pages. Names and numbers are those of
// apache/parquet-format, src/main/thrift/parquet.thrift.
namespace sluice {

/// Of one column chunk. `min` and `max` as the PLAIN encoding has them, without a length.
struct ParquetStatistics {
  /// Bounds of the values that are neither NULL nor NaN; nothing where there is none.
  std::optional<std::string> min;
  std::optional<std::string> max;
  bool min_exact = true;  ///< `min` is a value of the chunk, not only a bound.
  bool max_exact = true;
  int64_t nulls = 0;
  std::optional<int64_t> nans;      ///< Reals only.
  std::optional<int64_t> distinct;  ///< Where it is known.
};

/// Pages of one type and encoding.
struct ParquetPageCount {
  ParquetPageType type = ParquetPageType::kData;
  ParquetEncoding encoding = ParquetEncoding::kPlain;
  int32_t pages = 0;
};

/// The pages of one column in one row group. Offsets count from the begin of the block.
struct ParquetColumnChunk {
  std::optional<uint64_t> dictionary_offset;
  uint64_t data_offset = 0;
  uint64_t packed_bytes = 0;  ///< All pages with their headers, as written.
  uint64_t raw_bytes = 0;     ///< The same before compression.
  int64_t values = 0;         ///< NULLs included.
  std::vector<ParquetPageCount> pages;
  ParquetStatistics statistics;
};

/// The columns stand in the order of the schema.
struct ParquetRowGroup {
  int64_t rows = 0;
  std::vector<ParquetColumnChunk> columns;
};

}  // namespace sluice

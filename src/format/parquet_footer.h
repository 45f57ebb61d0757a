#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "format/block.h"
#include "format/parquet_metadata.h"
#include "format/parquet_schema.h"

namespace sluice {

/// A row group and where its block begins in the file.
struct PlacedRowGroup {
  uint64_t offset = 0;
  std::shared_ptr<const ParquetRowGroup> group;
};

/// All that stands behind the pages: the struct FileMetaData, its length, the magic. `leaves` are
/// those of the columns. Throws kTooLarge where the format can't say the length.
std::string parquet_footer(const FormatSpec& spec, const std::vector<ParquetLeaf>& leaves,
                           const std::vector<PlacedRowGroup>& groups);

}  // namespace sluice

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/batch.h"
#include "format/block.h"
#include "format/value_caster.h"
#include "pipeline/export.h"

namespace sluice {

/// What all files of one export have in common. Immutable.
struct OutputPlan {
  std::vector<ColumnInfo> columns;  ///< Of the result.
  std::vector<CastColumn> casts;    ///< As many; empty where the format has no types.
  std::vector<FileColumn> written;  ///< What the files hold of them.
  std::unique_ptr<FileFormat> format;
  std::string extension;
  /// When a block is full: whichever comes first.
  size_t block_bytes = 0;
  uint64_t block_rows = 0;
  /// Files roll over at a size: a block may be no larger than it has to be.
  bool bounds_files = false;

  bool is_full(const BlockBuilder& builder) const {
    return builder.bytes() >= block_bytes || builder.rows() >= block_rows;
  }
  /// How many rows of the batch may be added before it is asked again whether the block is full.
  size_t rows_at_once(const Batch& batch) const {
    if (!bounds_files || batch.rows() == 0) return batch.rows();
    // A quarter of a block: what goes beyond its end stays small, so that files get nearly full.
    return std::max<size_t>(1, block_bytes / 4 / (batch.bytes() / batch.rows() + 1));
  }
};

/// Throws kInvalid for columns that the format or the options can't do. `casts` as in the plan.
OutputPlan plan_output(const ExportRequest& request, std::vector<ColumnInfo> columns,
                       std::vector<CastColumn> casts);

/// Whether the format has types, so that a result must be cast.
bool is_typed(Format format);

}  // namespace sluice

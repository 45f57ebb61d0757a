#pragma once

#include <memory>
#include <vector>

#include "format/block.h"

namespace sluice {

/// Collects rows one after the other in a few bytes more than their values have, and makes the
/// block of them with a builder of `format`: for formats whose builders are too large to have one
/// for each of thousands of files. `format` and `columns` outlive it.
std::unique_ptr<BlockCollector> make_row_collector(const FileFormat& format,
                                                   const std::vector<FileColumn>& columns);

}  // namespace sluice

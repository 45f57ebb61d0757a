#pragma once

#include "format/block.h"
#include "pipeline/part_queue.h"

namespace sluice {

/// Blocks of one file, or of many, on their way to the thread that appends them.
using BlockQueue = PartQueue<Block>;

}  // namespace sluice

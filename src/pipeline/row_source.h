#pragma once

#include <cstdint>
#include <memory>

#include "engine/engine.h"

namespace sluice {

/// Where the rows of one export come from: in order from one reader, or in parts that several
/// threads read at once. Exactly one of them.
struct RowSource {
  std::unique_ptr<RowReader> reader;
  std::unique_ptr<SplitScan> scan;
};

/// What one run over the rows found.
struct WriteOutcome {
  uint64_t rows = 0;
  uint64_t mismatches = 0;
  /// The guessed types do not hold; what was written has to be given up.
  bool needs_survey = false;
};

}  // namespace sluice

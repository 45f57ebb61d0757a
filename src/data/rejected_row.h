#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// A row that could not be taken, and why.
struct RejectedRow {
  uint64_t line = 0;  ///< From 1: of the text; of Parquet the row.
  std::string text;   ///< As it came, at most limits::kQuarantinedBytes of it, valid UTF-8.
  /// The columns at fault (empty: the row as a whole) and, for each, a sentence.
  std::vector<std::string> columns;
  std::vector<std::string> reasons;
};

}  // namespace sluice

#pragma once

#include "data/batch.h"

namespace sluice {

/// Writes the text that CSV and file names have of a value that is in the cell itself (not NULL) at
/// `out`, which has room for kNumberBytes (value_text.h), and returns the end of it: `-5`, `0.5`,
/// `true`, `2024-02-29`, `2024-02-29 13:45:01.123Z`.
char* write_cell(char* out, const Cell& cell);

}  // namespace sluice

#pragma once

#include <vector>

#include "intake/fitted_rows.h"

namespace sluice {

/// `infer_columns` for CSV and NDJSON, by the rows of the first limits::kBatchBytes (of one row
/// where it is longer), at most limits::kBatchRows. Objects in objects become columns of their own:
/// `{"a":{"b":1}}` is `a_b` Int64 `json:$.a.b`. CSV without a header has `column_1`, `column_2`...
std::vector<DataColumn> infer_text_columns(const RowInput& input);

}  // namespace sluice

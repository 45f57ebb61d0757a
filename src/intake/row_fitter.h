#pragma once

#include <memory>
#include <vector>

#include "intake/fitted_rows.h"
#include "intake/record_source.h"

namespace sluice {

/// Records as the columns of a data source want them (domain/data_value.h). A row of which a value
/// does not fit is rejected, with each of its columns at fault.
std::unique_ptr<FittedRows> make_fitted_rows(std::unique_ptr<RecordSource> records,
                                             const std::vector<DataColumn>& columns);

}  // namespace sluice

#pragma once

#include <optional>

#include "domain/data_source.h"
#include "intake/parquet_schema.h"

namespace sluice {

/// What a column of a data source wants of a file: the field at its JSON path, or of its name. Of a
/// list `[:]` means all elements, and `$.items[:].price` is the list of their prices. Nothing where
/// there is no such field. Throws kInvalid for a path that is none.
std::optional<ParquetNode> find_field(const ParquetNode& root, const DataColumn& column);

}  // namespace sluice

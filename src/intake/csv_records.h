#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_range.h"
#include "intake/record_source.h"

namespace sluice {

/// The rows of CSV; `next` throws kInvalid, with the line, for a quote that is never closed, and
/// for a header that names no column or one twice, as this does for a delimiter that is a quote or
/// a line break. A header that is not announced is known by its names, of which half are columns.
/// Without a header fields are the columns in their order. An empty field without quotes, and `\N`,
/// is kNull; but for a column of text that could not be NULL the empty field is the empty text.
/// Memory: a batch, or the longest row.
std::unique_ptr<RecordSource> make_csv_records(std::shared_ptr<const ByteRange> bytes,
                                               const CsvDialect& dialect,
                                               const std::vector<DataColumn>& columns);

/// The name of a column for a field of a header: letters, digits and underscores.
std::string csv_column_name(std::string_view field);

}  // namespace sluice

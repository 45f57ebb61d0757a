#pragma once

#include <memory>
#include <vector>

#include "base/byte_range.h"
#include "domain/data_source.h"
#include "intake/record_source.h"

namespace sluice {

/// The rows of a Parquet file (github.com/apache/parquet-format). Memory is bounded by the pages of
/// one row group that are being read, not by the file. Throws kInvalid where the bytes are no
/// Parquet file or what is in it is not supported (named: an encryption, a codec, an encoding).
std::unique_ptr<RecordSource> make_parquet_records(std::shared_ptr<const ByteRange> bytes,
                                                   const std::vector<DataColumn>& columns);

/// The file's columns as those of a data source.
std::vector<DataColumn> parquet_columns(const ByteRange& bytes);

}  // namespace sluice

#pragma once

#include <memory>
#include <vector>

#include "base/byte_range.h"
#include "domain/data_source.h"
#include "intake/record_source.h"

namespace sluice {

/// The rows of a Parquet file (github.com/apache/parquet-format). Only the pages of the wanted
/// columns are read; memory is bounded by the pages of one row group that are being read
/// (parquet_pages.h), not by the file. Text forms are those of parquet_text.h; among them
/// timestamps that the file says are UTC have a `Z`, so that no column's time zone is put upon
/// them. Throws kInvalid where the bytes are no Parquet file, none of the columns is in it or what
/// is in it is not supported (named: an encryption, a codec, an encoding), kTooLarge where it
/// passes a limit; so does `next`.
std::unique_ptr<RecordSource> make_parquet_records(std::shared_ptr<const ByteRange> bytes,
                                                   const std::vector<DataColumn>& columns);

/// The file's columns as those of a data source: lists are Array, maps Map, groups JSON. A name
/// that a data source can't have is made one that it can, with the path to the file's. Throws
/// likewise.
std::vector<DataColumn> parquet_columns(const ByteRange& bytes);

}  // namespace sluice

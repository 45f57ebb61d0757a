#pragma once

#include <cstddef>
#include <string>

#include "data/batch.h"
#include "intake/parquet_schema.h"
#include "intake/parquet_values.h"

namespace sluice {

/// Puts a value into the next row of the batch: kInteger for booleans and integers, kReal for real
/// numbers, kText for all that has a text form, kBlob for bytes that are not UTF-8. Integers over
/// 2^63 - 1 are text. Throws kTooLarge for a value over limits::kValueBytes.
void put_parquet_cell(Batch& batch, size_t column, const ParquetNode& leaf,
                      const ParquetValue& value);

/// Adds the text form of a value:
/// - dates `YYYY-MM-DD`, with a sign and more digits outside of the years 0 to 9999;
/// - times `HH:MM:SS`, timestamps `YYYY-MM-DD HH:MM:SS`, with a fraction in the digits of their
/// unit
///   where it is not 0, and `Z` behind timestamps that the file says are UTC;
/// - decimals with all digits of their scale; UUIDs in groups of hex; intervals in the way of ISO
///   8601, `P1M2DT3.004S`.
void append_parquet_text(std::string& out, const ParquetNode& leaf, const ParquetValue& value);

/// Adds a value as JSON: numbers, decimals too, as numbers; `null` for those JSON does not have
/// (NaN, infinities); what is said to be JSON and is as it is; all else as a string, bytes that are
/// not UTF-8 as hex.
void append_parquet_json(std::string& out, const ParquetNode& leaf, const ParquetValue& value);

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>

#include "data/batch.h"
#include "engine/scan_program.h"

namespace sluice {

/// A variable-length integer of SQLite's file format, 1 to 9 bytes; returns the first byte behind
/// it. 9 bytes must be readable.
const unsigned char* read_varint(const unsigned char* bytes, uint64_t& value);

enum class RecordOutcome {
  kDone,
  kBeyond,  ///< A value ends behind the bytes that were given.
  kShort,   ///< It has fewer columns than are wanted: they were added to the table later.
  kBroken,
};

/// Puts the wanted values of a stored record (sqlite.org/fileformat2.html, "Record Format") into
/// the row of `batch` that is not ended yet. The record's first `size` bytes lie in the batch's own
/// arena, from `offset` on; texts and blobs are not copied, they stay where they are. With
/// kShort the missing values are NULL.
RecordOutcome take_record(Batch& batch, uint64_t offset, uint64_t size,
                          const std::vector<StoredColumns::Target>& targets);

}  // namespace sluice

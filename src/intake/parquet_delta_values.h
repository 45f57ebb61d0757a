#pragma once

#include <memory>
#include <string_view>

#include "intake/parquet_values.h"

namespace sluice {

// Values of pages that hold differences. `most`: values of the page, which there can't be more of.
// Each throws kInvalid where the bytes make no sense.

/// DELTA_BINARY_PACKED: INT32 and INT64.
std::unique_ptr<ParquetValues> make_delta_numbers(const ParquetNode& leaf, std::string_view bytes,
                                                  size_t most);
/// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
std::unique_ptr<ParquetValues> make_delta_length_texts(std::string_view bytes, size_t most);
/// DELTA_BYTE_ARRAY: how much of the value before each begins with, and what follows.
std::unique_ptr<ParquetValues> make_delta_texts(const ParquetNode& leaf, std::string_view bytes,
                                                size_t most);

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "format/bit_vector.h"

namespace sluice {

// Parquet's run length and bit-packing hybrid (Encodings.md, "RLE = 3"), without a length in front.

/// Bits that numbers up to `highest` need; at least 1, because not every reader takes 0.
unsigned bit_width(uint32_t highest);

/// Adds `values`, each below 2^width, to `out`. `width` is 1 to 32.
void append_rle(std::string& out, std::span<const uint32_t> values, unsigned width);

/// Adds one run of `count` times 0 or 1.
void append_rle_run(std::string& out, bool value, size_t count);

/// Adds `count` bits from `first` on, as values of width 1.
void append_rle_bits(std::string& out, const BitVector& bits, size_t first, size_t count);

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice {

/// The number of `width` bits, 64 at most, that begins at bit `at` of `bytes`; the lowest bit of a
/// byte comes first. What lies behind the end of `bytes` counts as zeros.
inline uint64_t unpack_bits(std::string_view bytes, size_t at, unsigned width) {
  if (width == 0) return 0;
  const size_t first = at / 8;
  const unsigned shift = static_cast<unsigned>(at % 8);
  uint64_t low = 0;
  if (first + sizeof low <= bytes.size()) {
    std::memcpy(&low, bytes.data() + first, sizeof low);
  } else if (first < bytes.size()) {
    std::memcpy(&low, bytes.data() + first, bytes.size() - first);
  }
  uint64_t value = low >> shift;
  if (shift + width > 64 && first + sizeof low < bytes.size()) {
    value |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[first + sizeof low])) << (64 - shift);
  }
  return width == 64 ? value : value & ((uint64_t{1} << width) - 1);
}

/// Bits that numbers up to `most` take.
inline unsigned bits_of(uint32_t most) {
  unsigned bits = 0;
  for (; most > 0; most >>= 1) ++bits;
  return bits;
}

}  // namespace sluice

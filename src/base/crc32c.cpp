#include "base/crc32c.h"

#include <isa-l/crc.h>

#include <array>

#include "base/encoding.h"

namespace sluice {

uint32_t crc32c(std::string_view bytes, uint32_t before) {
  // The library inverts neither what it is given nor what it returns, counts in int, and does not
  // change the bytes.
  constexpr size_t kMost = size_t{1} << 30;
  uint32_t state = ~before;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kMost);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(piece.data()));
    state = crc32_iscsi(data, static_cast<int>(piece.size()), state);
    bytes.remove_prefix(piece.size());
  }
  return ~state;
}

std::string crc32c_hex(uint32_t crc) {
  const std::array<char, 4> bytes = {static_cast<char>(crc >> 24), static_cast<char>(crc >> 16),
                                     static_cast<char>(crc >> 8), static_cast<char>(crc)};
  return hex_encode({bytes.data(), bytes.size()});
}

}  // namespace sluice

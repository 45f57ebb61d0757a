#include "base/crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace sluice {

void Crc32c::update(std::string_view bytes) {
  // The library counts in int, does not change the bytes, and neither inverts before nor after.
  constexpr size_t kMost = size_t{1} << 30;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kMost);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(piece.data()));
    state_ = crc32_iscsi(data, static_cast<int>(piece.size()), state_);
    bytes.remove_prefix(piece.size());
  }
}

std::string Crc32c::hex() const {
  const uint32_t crc = value();
  const std::array<char, 4> bytes = {static_cast<char>(crc >> 24), static_cast<char>(crc >> 16),
                                     static_cast<char>(crc >> 8), static_cast<char>(crc)};
  return hex_encode({bytes.data(), bytes.size()});
}

}  // namespace sluice

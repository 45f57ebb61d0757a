#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// CRC-32C (RFC 3720, appendix B.4: polynomial 0x1EDC6F41) of `bytes` put behind bytes whose
/// CRC-32C is `before`. Pure, several GB/s.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

/// 8 lower-case hex digits.
std::string crc32c_hex(uint32_t crc);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// CRC-32C (RFC 3720, appendix B.4: polynomial 0x1EDC6F41), over bytes given piece by piece.
class Crc32c {
 public:
  void update(std::string_view bytes);
  uint32_t value() const { return ~state_; }
  /// 8 lower-case hex digits.
  std::string hex() const;

 private:
  uint32_t state_ = ~uint32_t{0};
};

}  // namespace sluice

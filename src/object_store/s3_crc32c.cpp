#include "object_store/s3_crc32c.h"

#include <array>
#include <utility>

#include "base/crc32c.h"
#include "base/encoding.h"

namespace sluice {
namespace {

std::array<char, 4> bytes_of(uint32_t crc) {
  return {static_cast<char>(crc >> 24), static_cast<char>(crc >> 16), static_cast<char>(crc >> 8),
          static_cast<char>(crc)};
}

/// 0 to 63; nothing for a character that base64 (RFC 4648, section 4) does not have.
std::optional<uint32_t> sextet(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a') + 26;
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0') + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return std::nullopt;
}

}  // namespace

std::string crc32c_text(uint32_t crc) {
  const std::array<char, 4> bytes = bytes_of(crc);
  return base64_encode({bytes.data(), bytes.size()});
}

std::string crc32c_composite_text(const std::vector<uint32_t>& parts) {
  std::string all;
  for (const uint32_t part : parts) {
    const std::array<char, 4> bytes = bytes_of(part);
    all.append(bytes.data(), bytes.size());
  }
  return crc32c_text(crc32c(all)) + "-" + std::to_string(parts.size());
}

std::optional<uint32_t> read_crc32c(std::string_view text) {
  if (text.size() != 8 || !text.ends_with("==")) return std::nullopt;
  uint64_t bits = 0;
  for (const char c : text.substr(0, 6)) {
    const std::optional<uint32_t> value = sextet(c);
    if (!value) return std::nullopt;
    bits = (bits << 6) | *value;
  }
  // 36 bits, of which the last four say nothing and must be zero.
  if ((bits & 0xF) != 0) return std::nullopt;
  return static_cast<uint32_t>(bits >> 4);
}

}  // namespace sluice

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Bytes of one request: memory, or `size` bytes of `file` from `offset`. Memory must outlive the
/// call it is given to.
struct S3Body {
  std::string_view memory;
  std::string file = {};
  uint64_t offset = 0;
  uint64_t size = 0;
  /// Of exactly these bytes; nothing where no checksum is to be sent.
  std::optional<uint32_t> crc32c = std::nullopt;
};

/// A body that stands in memory, with its checksum.
S3Body memory_body(std::string_view bytes);

/// Digests of a body, read through once; lower-case hex where they are text. kStorage when the file
/// can't be read or is too short.
std::string sha256_of(const S3Body& body);
std::string md5_of(const S3Body& body);
uint32_t crc32c_of(const S3Body& body);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

/// The CRC-32 of gzip (RFC 1952, section 8), which Parquet's pages have too.
uint32_t crc32_of(std::string_view bytes);

}  // namespace sluice

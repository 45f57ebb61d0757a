#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// As S3 writes it in `x-amz-checksum-crc32c`: base64 of the four bytes, the highest first.
std::string crc32c_text(uint32_t crc);
/// As S3 writes the checksum of an object made of parts (Amazon S3 User Guide, "Checking object
/// integrity", composite checksums): the CRC-32C of the parts' checksums, `-`, and their number.
std::string crc32c_composite_text(const std::vector<uint32_t>& parts);
/// Nothing for a text that `crc32c_text` does not make.
std::optional<uint32_t> read_crc32c(std::string_view text);

}  // namespace sluice

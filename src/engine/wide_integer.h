#pragma once

#include <cstddef>
#include <string>

namespace sluice {

/// Adds the decimal digits of a little-endian integer of `bytes` (a multiple of 4, at most 32), in
/// two's complement where it is signed. `scale` of the digits stand behind a point: `-0.05`.
void append_wide_integer(std::string& out, const char* value, size_t bytes, bool is_signed,
                         int scale = 0);

}  // namespace sluice

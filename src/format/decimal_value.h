#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// An integer of 128 bits, as GCC and Clang have it.
__extension__ using Int128 = __int128;

/// The unscaled value of a decimal written as text ("-12.5" with scale 2 is -1250); nothing if it
/// is no plain or exponent-form number, or has more digits than `precision` or, behind the point,
/// than `scale` (zeros at the end aside).
std::optional<Int128> read_decimal(std::string_view text, int precision, int scale);

/// 16 bytes, big-endian, two's complement.
std::string decimal_bytes(Int128 value);

}  // namespace sluice

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// An integer of 256 bits in two's complement; the lowest word comes first.
using Int256 = std::array<uint64_t, 4>;

/// The unscaled value of a decimal written as text ("-12.5" with scale 2 is -1250); nothing if it
/// is no plain or exponent-form number, or has more digits than `precision` or, behind the point,
/// than `scale` (zeros at the end aside). `precision` is at most kLongDecimalDigits
/// (data/column_type.h), so that the value fits.
std::optional<Int256> read_decimal(std::string_view text, int precision, int scale);

/// Writes the lowest `bytes` (up to 32) of the value at `out`, big-endian.
void write_decimal(char* out, const Int256& value, size_t bytes);

}  // namespace sluice

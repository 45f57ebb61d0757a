#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Adds the decimal whose unscaled value is given, with `scale` digits behind the point.
void append_decimal_text(std::string& out, int64_t unscaled, int scale);
/// The same of a number in big-endian two's complement. Throws kInvalid for one of more than 32
/// bytes that matter: no decimal of the format has so many digits.
void append_decimal_text(std::string& out, std::string_view unscaled, int scale);

}  // namespace sluice

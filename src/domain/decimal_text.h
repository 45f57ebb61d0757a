#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// A decimal in its usual spelling, with exactly `scale` digits behind the point: "-12.50" for
/// "-12.5" or "-1.25e1". Nothing if the text is no plain or exponent-form number, or has more
/// digits than `precision` or, behind the point, than `scale` (zeros at the end aside).
std::optional<std::string> decimal_text(std::string_view text, int precision, int scale);

}  // namespace sluice

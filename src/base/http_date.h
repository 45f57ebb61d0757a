#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace sluice {

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7, IMF-fixdate: what servers send).
/// Anything else, or a date that does not exist, is nothing.
std::optional<Timestamp> parse_http_date(std::string_view text);

}  // namespace sluice

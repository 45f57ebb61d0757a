#pragma once

#include <optional>
#include <string>

#include "api/parameters.h"
#include "base/clock.h"

namespace sluice {

/// A time in UTC, or a date, which is its midnight; absent or empty: nothing. Throws kInvalid.
std::optional<Timestamp> time_parameter(const Parameters& parameters, const std::string& name);

}  // namespace sluice

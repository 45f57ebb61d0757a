#pragma once

#include <chrono>

#include "base/error.h"
#include "base/random.h"

namespace sluice {

/// Whether the same work may succeed later without anyone changing anything.
bool may_heal(ErrorCode code);

/// How long to wait after the `attempt`-th failure (from 1): from half of 1, 2, 4... seconds up to
/// all of it, five minutes at most, so that what failed together does not come back together.
std::chrono::milliseconds retry_delay(int attempt, Random& random);

}  // namespace sluice

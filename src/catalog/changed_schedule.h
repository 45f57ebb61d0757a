#pragma once

#include <optional>

#include "catalog/sink_catalog.h"
#include "domain/schedule.h"

namespace sluice {

/// Whether the caller says anything of the schedule.
bool says_of_schedule(const SinkParameters& parameters);

/// The schedule `old` with what the parameters say of it; nothing where there is to be none. Its
/// next run is the first after `now`. Throws kInvalid, kUnavailable (time zones).
std::optional<Schedule> changed_schedule(const std::optional<Schedule>& old,
                                         const SinkParameters& parameters, Timestamp now);

}  // namespace sluice

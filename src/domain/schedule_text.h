#pragma once

#include <string>

#include "domain/schedule_times.h"

namespace sluice {

/// What a person would say: `every hour, on the hour, UTC`; `at 08:30, Monday to Friday,
/// Europe/Berlin`.
std::string describe(const ScheduleTimes& schedule);

}  // namespace sluice

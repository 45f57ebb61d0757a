#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "domain/schedule.h"
#include "state/schedule_store.h"

namespace sluice {

/// The schedule with what it means in words and its next five runs; an empty object for none.
nlohmann::json schedule_view(const std::optional<Schedule>& schedule);
/// What an expression means in words and its next five runs after `now`.
nlohmann::json schedule_preview_view(const ScheduleTimes& times, Timestamp now);
nlohmann::json missed_view(const std::vector<MissedRow>& missed);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "state/state_database.h"

namespace sluice {

/// How many there are of what, at this moment.
struct StateGauges {
  int64_t waiting = 0;
  int64_t working = 0;
  int64_t cancelling = 0;
  std::optional<Timestamp> oldest_waiting;  ///< When the job was made that has waited for longest.
  int64_t schedules_running = 0;
  int64_t schedules_paused = 0;
  std::map<std::string, int64_t> missed_runs;  ///< Those of the history, by reason.
};

StateGauges read_gauges(StateDatabase& state);

}  // namespace sluice

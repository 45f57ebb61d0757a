#include "state/gauges.h"

#include "state/row.h"

namespace sluice {

StateGauges read_gauges(StateDatabase& state) {
  return state.read([](SQLite::Database& database) {
    const auto count = [&](const char* table, const char* condition) {
      return database
          .execAndGet(std::string("SELECT count(*) FROM ") + table + " WHERE " + condition)
          .getInt64();
    };
    StateGauges gauges;
    gauges.waiting = count("jobs", "status = 'waiting'");
    gauges.working = count("jobs", "status = 'working'");
    gauges.cancelling = count("jobs", "status = 'cancelling'");
    gauges.schedules_running = count("schedules", "status = 'running'");
    gauges.schedules_paused = count("schedules", "status = 'paused'");
    SQLite::Statement oldest(database, "SELECT min(created_at) FROM jobs WHERE status = 'waiting'");
    oldest.executeStep();
    gauges.oldest_waiting = optional_time_of(oldest.getColumn(0));
    SQLite::Statement missed(database, "SELECT reason, sum(runs) FROM missed_runs GROUP BY reason");
    while (missed.executeStep()) {
      gauges.missed_runs[missed.getColumn(0).getString()] = missed.getColumn(1).getInt64();
    }
    return gauges;
  });
}

}  // namespace sluice

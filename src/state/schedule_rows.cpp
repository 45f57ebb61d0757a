#include "state/schedule_rows.h"

#include "state/row.h"

namespace sluice {

const char* const kScheduleColumns =
    "cron, timezone, status, overlap, catchup, catchup_limit, jitter_seconds, next_run_at, "
    "fires_at, last_run_at, covered_until";

Schedule schedule_in(SQLite::Statement& row) {
  Schedule schedule;
  schedule.cron = row.getColumn(0).getString();
  schedule.timezone = row.getColumn(1).getString();
  schedule.paused = row.getColumn(2).getString() == "paused";
  schedule.overlap = parse_overlap_policy(row.getColumn(3).getString());
  schedule.catchup = parse_catchup_policy(row.getColumn(4).getString());
  schedule.catchup_limit = static_cast<unsigned>(row.getColumn(5).getInt());
  schedule.jitter = std::chrono::seconds(row.getColumn(6).getInt64());
  schedule.next_run_at = optional_time_of(row.getColumn(7));
  schedule.fires_at = optional_time_of(row.getColumn(8));
  schedule.last_run_at = optional_time_of(row.getColumn(9));
  schedule.covered_until = optional_time_of(row.getColumn(10));
  return schedule;
}

std::optional<Schedule> schedule_of(SQLite::Database& database, const std::string& pipe_id) {
  SQLite::Statement row(
      database, std::string("SELECT ") + kScheduleColumns + " FROM schedules WHERE pipe_id = ?");
  row.bind(1, pipe_id);
  if (!row.executeStep()) return std::nullopt;
  return schedule_in(row);
}

void put_schedule(SQLite::Database& database, const std::string& pipe_id, const Schedule& schedule,
                  const std::string& now) {
  SQLite::Statement put(
      database,
      std::string("INSERT INTO schedules (") + kScheduleColumns +
          ", pipe_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, "
          "?13) ON CONFLICT (pipe_id) DO UPDATE SET cron = excluded.cron, "
          "timezone = excluded.timezone, status = excluded.status, overlap = excluded.overlap, "
          "catchup = excluded.catchup, catchup_limit = excluded.catchup_limit, "
          "jitter_seconds = excluded.jitter_seconds, next_run_at = excluded.next_run_at, "
          "fires_at = excluded.fires_at, last_run_at = excluded.last_run_at, "
          "covered_until = excluded.covered_until, updated_at = excluded.updated_at");
  put.bind(1, schedule.cron);
  put.bind(2, schedule.timezone);
  put.bind(3, schedule.paused ? "paused" : "running");
  put.bind(4, std::string(overlap_policy_name(schedule.overlap)));
  put.bind(5, std::string(catchup_policy_name(schedule.catchup)));
  put.bind(6, static_cast<int64_t>(schedule.catchup_limit));
  put.bind(7, static_cast<int64_t>(schedule.jitter.count()));
  bind_optional(put, 8, schedule.next_run_at);
  bind_optional(put, 9, schedule.fires_at ? schedule.fires_at : schedule.next_run_at);
  bind_optional(put, 10, schedule.last_run_at);
  bind_optional(put, 11, schedule.covered_until);
  put.bind(12, pipe_id);
  put.bind(13, now);
  put.exec();
}

}  // namespace sluice

#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>

#include "domain/schedule.h"

namespace sluice {

// The rows of `schedules`, within a transaction of the caller.

/// What `schedule_in` reads, in its order.
extern const char* const kScheduleColumns;

/// Of a row that begins with kScheduleColumns.
Schedule schedule_in(SQLite::Statement& row);
std::optional<Schedule> schedule_of(SQLite::Database& database, const std::string& pipe_id);
/// Inserts it, or gives the stored one of the pipe all its values.
void put_schedule(SQLite::Database& database, const std::string& pipe_id, const Schedule& schedule,
                  const std::string& now);

}  // namespace sluice

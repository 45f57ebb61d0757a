#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>

#include "domain/job.h"

namespace sluice {

// The rows of `jobs`, within a transaction of the caller.

/// What `job_of` reads, in its order.
extern const char* const kJobColumns;

Job job_of(SQLite::Statement& row);
std::optional<Job> find_job(SQLite::Database& database, const std::string& id);
void insert_job(SQLite::Database& database, const Job& job);

}  // namespace sluice

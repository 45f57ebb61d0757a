#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

#include "domain/job.h"

namespace sluice {

// Sinks that run after one another, within a transaction of the caller.

/// Throws kInvalid where the pipe's sink would come to run after itself, also by way of others, and
/// where `before` has no sink.
void check_chain(SQLite::Database& database, const std::string& pipe_id, const PipeName& before);
/// Throws kForbidden while another sink runs after that of the pipe.
void check_not_followed(SQLite::Database& database, const std::string& pipe_id);
/// Puts into the queue those whose sink still runs after that of `done`.
void insert_followers(SQLite::Database& database, const Job& done,
                      const std::vector<Job>& followers);

}  // namespace sluice

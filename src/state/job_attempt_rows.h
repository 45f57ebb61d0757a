#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <vector>

#include "domain/job.h"

namespace sluice {

/// One time that a job was taken up.
struct JobAttempt {
  int attempt = 0;
  Timestamp started_at;
  /// Absent while it is at work, and where the process ended in its midst.
  std::optional<Timestamp> ended_at;
  JobFigures figures;
  std::string error;  ///< Empty where it went well.
  std::string error_code;
};

// The rows of `job_attempts`, within a transaction of the caller.

void begin_attempt(SQLite::Database& database, const Job& job, Timestamp now);
/// How the job's latest attempt ended: its figures and error are those of `job`. Does nothing
/// where it has ended before.
void end_attempt(SQLite::Database& database, const Job& job, Timestamp now);
/// In their order.
std::vector<JobAttempt> read_attempts(SQLite::Database& database, const std::string& job_id);

}  // namespace sluice

#include "state/job_attempt_rows.h"

#include "state/row.h"

namespace sluice {
namespace {

std::optional<std::string> or_nothing(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void begin_attempt(SQLite::Database& database, const Job& job, Timestamp now) {
  SQLite::Statement begin(
      database, "INSERT INTO job_attempts (job_id, attempt, started_at) VALUES (?, ?, ?)");
  begin.bind(1, job.id);
  begin.bind(2, job.attempt);
  begin.bind(3, format_timestamp(now));
  begin.exec();
}

void end_attempt(SQLite::Database& database, const Job& job, Timestamp now) {
  SQLite::Statement end(database,
                        "UPDATE job_attempts SET ended_at = ?, rows = ?, bytes = ?, files = ?, "
                        "error = ?, error_code = ? WHERE job_id = ? AND attempt = ? AND ended_at "
                        "IS NULL");
  end.bind(1, format_timestamp(now));
  end.bind(2, static_cast<int64_t>(job.figures.rows));
  end.bind(3, static_cast<int64_t>(job.figures.bytes));
  end.bind(4, static_cast<int64_t>(job.figures.files));
  bind_optional(end, 5, or_nothing(job.error));
  bind_optional(end, 6, or_nothing(job.error_code));
  end.bind(7, job.id);
  end.bind(8, job.attempt);
  end.exec();
}

std::vector<JobAttempt> read_attempts(SQLite::Database& database, const std::string& job_id) {
  SQLite::Statement rows(database,
                         "SELECT attempt, started_at, ended_at, rows, bytes, files, "
                         "coalesce(error, ''), coalesce(error_code, '') FROM job_attempts WHERE "
                         "job_id = ? ORDER BY attempt");
  rows.bind(1, job_id);
  std::vector<JobAttempt> attempts;
  while (rows.executeStep()) {
    JobAttempt& attempt = attempts.emplace_back();
    attempt.attempt = rows.getColumn(0).getInt();
    attempt.started_at = time_of(rows.getColumn(1));
    attempt.ended_at = optional_time_of(rows.getColumn(2));
    attempt.figures.rows = static_cast<uint64_t>(rows.getColumn(3).getInt64());
    attempt.figures.bytes = static_cast<uint64_t>(rows.getColumn(4).getInt64());
    attempt.figures.files = static_cast<uint64_t>(rows.getColumn(5).getInt64());
    attempt.error = rows.getColumn(6).getString();
    attempt.error_code = rows.getColumn(7).getString();
  }
  return attempts;
}

}  // namespace sluice

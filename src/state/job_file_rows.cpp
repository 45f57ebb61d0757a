#include "state/job_file_rows.h"

#include "base/error.h"

namespace sluice {
namespace {

JobFile::State state_of(const std::string& name) {
  if (name == "staged") return JobFile::State::kStaged;
  return name == "published" ? JobFile::State::kPublished : JobFile::State::kBegun;
}

}  // namespace

std::string job_file_state_name(JobFile::State state) {
  switch (state) {
    case JobFile::State::kBegun:
      return "begun";
    case JobFile::State::kStaged:
      return "staged";
    case JobFile::State::kPublished:
      return "published";
  }
  return "begun";
}

void put_job_file(SQLite::Database& database, const std::string& job_id, const JobFile& file) {
  SQLite::Statement put(
      database,
      "INSERT INTO job_files (job_id, key, state, rows, bytes, ticket, role, crc32c) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state, "
      "rows = excluded.rows, bytes = excluded.bytes, ticket = excluded.ticket, "
      "role = excluded.role, crc32c = excluded.crc32c");
  put.bind(1, job_id);
  put.bind(2, file.key);
  put.bind(3, job_file_state_name(file.state));
  put.bind(4, static_cast<int64_t>(file.rows));
  put.bind(5, static_cast<int64_t>(file.bytes));
  put.bind(6, file.ticket);
  put.bind(7, std::string(file_role_name(file.role)));
  put.bind(8, file.crc32c);
  put.exec();
}

std::vector<JobFile> read_job_files(SQLite::Database& database, const std::string& job_id) {
  SQLite::Statement rows(database,
                         "SELECT key, state, rows, bytes, ticket, role, crc32c FROM job_files "
                         "WHERE job_id = ? ORDER BY key");
  rows.bind(1, job_id);
  std::vector<JobFile> files;
  while (rows.executeStep()) {
    JobFile& file = files.emplace_back();
    file.key = rows.getColumn(0).getString();
    file.state = state_of(rows.getColumn(1).getString());
    file.rows = static_cast<uint64_t>(rows.getColumn(2).getInt64());
    file.bytes = static_cast<uint64_t>(rows.getColumn(3).getInt64());
    file.ticket = rows.getColumn(4).getString();
    file.role = parse_file_role(rows.getColumn(5).getString());
    file.crc32c = rows.getColumn(6).getString();
  }
  return files;
}

}  // namespace sluice

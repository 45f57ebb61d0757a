#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/job.h"
#include "state/state_database.h"

namespace sluice {

/// One object of a job, from its first byte on: a row of the publish journal.
struct JobFile {
  enum class State { kBegun, kStaged, kPublished };
  std::string key;
  State state = State::kBegun;
  uint64_t rows = 0;
  uint64_t bytes = 0;
  std::string ticket;
  FileRole role = FileRole::kData;
  std::string crc32c = {};  ///< 8 hex digits; empty where it was not taken.
};

std::string job_file_state_name(JobFile::State state);
/// Inserts the row, or replaces the one of the same key.
void put_job_file(SQLite::Database& database, const std::string& job_id, const JobFile& file);
/// In key order.
std::vector<JobFile> read_job_files(SQLite::Database& database, const std::string& job_id);

}  // namespace sluice

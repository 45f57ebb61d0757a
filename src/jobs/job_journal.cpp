#include "jobs/job_journal.h"

#include "base/error.h"

namespace sluice {
namespace {

/// A write of progress costs an fsync; people and clients look about every two seconds.
constexpr std::chrono::milliseconds kProgressEvery{500};

JobFile row_of(const StagedFile& file) {
  return {file.key,   JobFile::State::kStaged, file.rows, file.bytes, file.ticket.text, file.role,
          file.crc32c};
}

}  // namespace

void JobJournal::begun(const std::string& key, const StageTicket& ticket) {
  JobFile file;
  file.key = key;
  file.ticket = ticket.text;
  jobs_.add_file(job_id_, file);
}

void JobJournal::publishing(const std::vector<StagedFile>& files, const JobFigures& figures) {
  std::vector<JobFile> rows;
  rows.reserve(files.size());
  for (const StagedFile& file : files) rows.push_back(row_of(file));
  JobFigures with_parts = figures;
  with_parts.parts = parts_;
  if (!jobs_.begin_publishing(job_id_, rows, with_parts, clock_.now())) {
    throw Error(ErrorCode::kCancelled, "The job was cancelled.");
  }
}

void JobJournal::published(const std::vector<std::string>& keys) {
  if (!keys.empty()) jobs_.mark_published(job_id_, keys);
}

void JobJournal::replaced(const std::vector<ReplacedFile>& files) {
  std::vector<std::string> gone;
  std::vector<JobFile> rows;
  for (const ReplacedFile& file : files) {
    gone.push_back(file.key);
    rows.push_back(row_of(file.now));
  }
  jobs_.replace_files(job_id_, gone, rows);
}

void JobJournal::progress(const JobFigures& figures) {
  const auto ticks = clock_.ticks();
  if (ticks - saved_at_ < kProgressEvery) return;
  saved_at_ = ticks;
  JobFigures with_parts = figures;
  with_parts.parts = parts_;
  jobs_.save_progress(job_id_, with_parts, clock_.now());
}

}  // namespace sluice

#include "pipeline/export.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/file_set.h"

namespace sluice {
namespace {

/// How many published names are journalled at a time; repeating some after a crash does no harm.
constexpr size_t kJournalEvery = 64;

/// Staged files that nobody will publish are removed again.
class StagedFiles {
 public:
  explicit StagedFiles(ObjectStore& store) : store_(store) {}
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;
  ~StagedFiles() {
    if (!kept_) discard();
  }
  std::vector<StagedFile>& files() { return files_; }
  void keep() { kept_ = true; }

 private:
  void discard() noexcept {
    for (const StagedFile& file : files_) {
      try {
        store_.discard(file.ticket);
      } catch (const std::exception& error) {
        log_warn("What was staged for " + file.key + " is left behind: " + error.what());
      }
    }
  }

  ObjectStore& store_;
  std::vector<StagedFile> files_;
  bool kept_ = false;
};

JobFigures figures_of(const FileSet& files, std::optional<uint64_t> expected) {
  JobFigures figures;
  figures.rows = files.rows();
  figures.bytes = files.bytes();
  figures.files = files.files();
  if (expected && *expected > 0) {
    const double share = static_cast<double>(figures.rows) / static_cast<double>(*expected);
    figures.progress_percentage = std::min(99.0, 100.0 * share);
  }
  return figures;
}

void handle_empty(const ExportRequest& request, FileSet& files) {
  switch (request.plan.settings.empty_result) {
    case EmptyResult::kSkip:
      return;
    case EmptyResult::kWrite:
      files.open_empty();
      return;
    case EmptyResult::kError:
      throw Error(ErrorCode::kInvalid, "The result has no rows, and empty_result is 'error'.",
                  "Check the query, or set empty_result to skip or write.");
  }
}

void publish_one(const StagedFile& file, ObjectStore& store) {
  if (store.publish(file.ticket) == PublishResult::kPublished) return;
  throw Error(ErrorCode::kConflict,
              "Another writer took the name '" + file.key + "' while the job was running.",
              "The other file was left as it is. Run the sink again: it will choose a free name.");
}

}  // namespace

JobFigures run_export(const ExportRequest& request, const ExportParts& parts,
                      std::stop_token stop) {
  std::unique_ptr<RowReader> reader = parts.engine.open(request.plan.query, request.run_time, stop);
  FileSet files(request, parts, reader->columns());
  Batch batch;
  while (reader->next(batch)) {
    files.add(batch);
    parts.journal.progress(figures_of(files, reader->expected_rows()));
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The export was stopped.");
  }
  if (files.rows() == 0) handle_empty(request, files);
  StagedFiles staged(parts.store);
  files.finish(staged.files());
  const JobFigures figures = figures_of(files, files.rows());
  parts.journal.publishing(staged.files(), figures);
  staged.keep();
  publish(staged.files(), parts.store, parts.journal);
  return figures;
}

void publish(const std::vector<StagedFile>& files, ObjectStore& store, ExportJournal& journal) {
  std::vector<std::string> done;
  const auto write_down = [&] { journal.published(std::exchange(done, {})); };
  try {
    for (const StagedFile& file : files) {
      publish_one(file, store);
      done.push_back(file.key);
      if (done.size() == kJournalEvery) write_down();
    }
  } catch (const Error&) {
    write_down();  // What is visible must not be forgotten with what is not.
    throw;
  }
  write_down();
}

}  // namespace sluice

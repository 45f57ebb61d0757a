#include "pipeline/file_writer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "format/type_plan.h"
#include "pipeline/file_set.h"
#include "pipeline/many_files.h"
#include "pipeline/single_file.h"

namespace sluice {
namespace {

[[noreturn]] void fail_empty() {
  throw Error(ErrorCode::kInvalid, "The result has no rows, and empty_result is 'error'.",
              "Check the query, or set empty_result to skip or write.");
}

}  // namespace

/// Where the rows come from, and what is known of them before they are written.
struct FileWriter::Rows {
  RowSource source;
  Batch first;  ///< Read already from the reader, to see its types.
  std::vector<ColumnInfo> columns;
  std::vector<CastColumn> casts;
  std::optional<uint64_t> expected;
  bool one_file = false;
};

bool FileWriter::goes_to_one_file(const std::vector<ColumnInfo>& columns) const {
  const FileTemplate file_template = FileTemplate::parse(request_.plan.settings.file_template);
  file_template.check_names(names_of(columns), request_.plan.variables);
  return file_template.is_single_file(names_of(columns)) &&
         request_.plan.settings.options.max_rows_per_file == 0;
}

/// Where a row goes depends on the rows before it, so one thread has to see them all.
bool FileWriter::counts_rows(bool one_file) const {
  const SinkSettings& settings = request_.plan.settings;
  return settings.options.max_rows_per_file > 0 ||
         (settings.options.max_file_size > 0 && !one_file) ||
         FileTemplate::parse(settings.file_template).deals_rows();
}

FileWriter::Rows FileWriter::open_rows(const std::vector<CastColumn>& surveyed) {
  const ExportLimits& allowed = request_.limits;
  const Query& query = request_.plan.query;
  Rows rows;
  rows.source.reader = parts_.engine.open(query, allowed.run_time, stop_);
  rows.columns = rows.source.reader->columns();
  rows.expected = rows.source.reader->expected_rows();
  rows.one_file = goes_to_one_file(rows.columns);
  if (is_typed(request_.plan.settings.format)) {
    if (surveyed.empty()) rows.source.reader->next(rows.first);
    rows.casts = surveyed.empty() ? guess_types(rows.columns, rows.first) : surveyed;
  }
  if (counts_rows(rows.one_file)) return rows;
  SplitWish wish;
  wish.lanes = allowed.lanes;
  if (rows.one_file && !rows.casts.empty()) wish.rows_per_part = limits::kRowGroupRows;
  rows.source.scan = parts_.engine.open_split(query, allowed.run_time, stop_, wish);
  if (rows.source.scan) {
    rows.source.reader.reset();
    rows.first.clear();
  }
  return rows;
}

std::optional<WrittenFiles> FileWriter::write(const std::vector<CastColumn>& surveyed) {
  Rows rows = open_rows(surveyed);
  const OutputPlan plan = plan_output(request_, rows.columns, rows.casts);
  const bool one = rows.one_file;
  const std::optional<JobFigures> figures =
      one ? write_one(plan, std::move(rows)) : write_many(plan, std::move(rows));
  if (!figures) return std::nullopt;
  return WrittenFiles{*figures, plan.written};
}

std::optional<JobFigures> FileWriter::write_one(const OutputPlan& plan, Rows rows) {
  FileOpener opener(request_, parts_, plan, staged_);
  OutputFile output(opener, make_keys(plan).single_key());
  const std::optional<uint64_t> expected = rows.expected;
  const WriteOutcome outcome =
      SingleFile(output, plan, request_)
          .write(std::move(rows.source), std::move(rows.first),
                 [&](uint64_t count) { report(count, output.bytes(), opener.opened(), expected); });
  if (outcome.needs_survey) return std::nullopt;
  const EmptyResult empty = request_.plan.settings.empty_result;
  if (outcome.rows == 0 && empty == EmptyResult::kError) fail_empty();
  output.finish(empty == EmptyResult::kWrite);
  JobFigures figures;
  figures.rows = outcome.rows;
  figures.bytes = output.bytes();
  figures.files = opener.opened();
  figures.mismatches = outcome.mismatches;
  return figures;
}

std::optional<JobFigures> FileWriter::write_many(const OutputPlan& plan, Rows rows) {
  FileOpener opener(request_, parts_, plan, staged_);
  const KeyBuilder keys = make_keys(plan);
  FileSet files(opener, keys);
  const std::optional<uint64_t> expected = rows.expected;
  const WriteOutcome outcome =
      ManyFiles(files, plan, request_, keys)
          .write(std::move(rows.source), std::move(rows.first),
                 [&](uint64_t count) { report(count, files.bytes(), files.files(), expected); });
  if (outcome.needs_survey) return std::nullopt;
  const EmptyResult empty = request_.plan.settings.empty_result;
  if (outcome.rows == 0 && empty == EmptyResult::kError) fail_empty();
  if (outcome.rows == 0 && empty == EmptyResult::kWrite) files.open_empty();
  files.finish();
  JobFigures figures;
  figures.rows = outcome.rows;
  figures.bytes = files.bytes();
  figures.files = opener.opened();
  figures.mismatches = outcome.mismatches;
  return figures;
}

KeyBuilder FileWriter::make_keys(const OutputPlan& plan) const {
  return {FileTemplate::parse(request_.plan.settings.file_template), request_.destination.prefix,
          plan.extension, plan.columns, request_.plan.variables};
}

void FileWriter::report(uint64_t rows, uint64_t bytes, uint64_t files,
                        std::optional<uint64_t> expected) {
  if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "The export was stopped.");
  JobFigures figures;
  figures.rows = rows;
  figures.bytes = bytes;
  figures.files = files;
  if (expected && *expected > 0) {
    const double share = static_cast<double>(rows) / static_cast<double>(*expected);
    figures.progress_percentage = std::min(99.0, 100.0 * share);
  }
  parts_.journal.progress(figures);
}

}  // namespace sluice

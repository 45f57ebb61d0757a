#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "format/value_caster.h"
#include "pipeline/export.h"
#include "pipeline/key_builder.h"
#include "pipeline/output_plan.h"
#include "pipeline/staged_files.h"

namespace sluice {

/// What stands in the files of one export once they are written.
struct WrittenFiles {
  JobFigures figures;
  std::vector<FileColumn> columns;
};

/// The first half of an export: reads the rows and stages every file, which is added to `staged`.
/// Nothing becomes visible. Throws `Error`; what was not ended is aborted then, what was ended is
/// in `staged`, whose owner discards it.
class FileWriter {
 public:
  FileWriter(const ExportRequest& request, const ExportParts& parts, std::stop_token stop,
             StagedFiles& staged)
      : request_(request), parts_(parts), stop_(std::move(stop)), staged_(staged) {}

  /// Nothing when the types that the first rows showed do not hold: then everything staged is of no
  /// use, and it has to be called again with `surveyed` types.
  std::optional<WrittenFiles> write(const std::vector<CastColumn>& surveyed);

 private:
  struct Rows;

  Rows open_rows(const std::vector<CastColumn>& surveyed);
  bool counts_rows(bool one_file) const;
  KeyBuilder make_keys(const OutputPlan& plan) const;
  bool goes_to_one_file(const std::vector<ColumnInfo>& columns) const;
  std::optional<JobFigures> write_one(const OutputPlan& plan, Rows rows);
  std::optional<JobFigures> write_many(const OutputPlan& plan, Rows rows);
  void report(uint64_t rows, uint64_t bytes, uint64_t files, std::optional<uint64_t> expected);

  const ExportRequest& request_;
  const ExportParts& parts_;
  std::stop_token stop_;
  StagedFiles& staged_;
};

}  // namespace sluice

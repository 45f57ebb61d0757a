#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "engine/cluster_writer.h"
#include "pipeline/file_writer.h"
#include "pipeline/key_builder.h"

namespace sluice {

/// The first half of an export whose files the cluster writes itself (execution=cluster): into a
/// folder of the job's own at the store, where they are counted and then staged for the names that
/// the file template gives them. Rows do not pass this process. Throws as FileWriter does, and
/// kCorrupt where the files do not hold as many rows as were written; then the folder is removed.
class ClusterExport {
 public:
  ClusterExport(const ExportRequest& request, const ExportParts& parts, std::stop_token stop,
                StagedFiles& staged);

  WrittenFiles write();

 private:
  void aim();
  uint64_t let_write();
  JobFigures adopt_files(uint64_t written);
  void read_back(JobFigures& figures);
  void adopt(const std::string& file, uint64_t rows, const std::string& key, JobFigures& figures);
  [[noreturn]] void refuse_counts(uint64_t written, uint64_t found) const;

  const ExportRequest& request_;
  const ExportParts& parts_;
  std::stop_token stop_;
  StagedFiles& staged_;
  ClusterWriter& writer_;
  std::vector<ColumnInfo> columns_;
  std::string folder_;  ///< With a slash at its end.
  ClusterTarget target_;
};

}  // namespace sluice

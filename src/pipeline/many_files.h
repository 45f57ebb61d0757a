#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "format/value_caster.h"
#include "pipeline/file_set.h"
#include "pipeline/row_source.h"

namespace sluice {

/// Writes the rows of the result into the files that the template names for them. Where the rows
/// come in parts, lanes read, split and encode them, and the calling thread only puts together what
/// they have collected, part by part; else it splits them itself, while they are read ahead.
/// `progress(rows)` is called after every step.
class ManyFiles {
 public:
  ManyFiles(FileSet& files, const OutputPlan& plan, const ExportRequest& request,
            const KeyBuilder& keys)
      : files_(files), plan_(plan), request_(request), keys_(keys) {}

  WriteOutcome write(RowSource source, Batch first,
                     const std::function<void(uint64_t rows)>& progress);

 private:
  struct Shared;

  WriteOutcome write_in_order(RowReader& reader, Batch first,
                              const std::function<void(uint64_t)>& progress);
  WriteOutcome write_parts(SplitScan& scan, const std::function<void(uint64_t)>& progress);
  void read_parts(SplitScan& scan, size_t lane, Shared& shared);
  ValueCaster make_caster() const;

  FileSet& files_;
  const OutputPlan& plan_;
  const ExportRequest& request_;
  const KeyBuilder& keys_;
};

}  // namespace sluice

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "format/value_caster.h"
#include "pipeline/block_queue.h"
#include "pipeline/output_file.h"
#include "pipeline/row_source.h"

namespace sluice {

/// Writes the whole result under one name: lanes read or take rows and make blocks of them, the
/// calling thread appends the blocks in order. `first` is a batch that was already read from the
/// reader, if there is one. `progress(rows)` is called after every block.
class SingleFile {
 public:
  SingleFile(OutputFile& output, const OutputPlan& plan, const ExportRequest& request)
      : output_(output), plan_(plan), request_(request) {}

  WriteOutcome write(RowSource source, Batch first,
                     const std::function<void(uint64_t rows)>& progress);

 private:
  /// Rows on their way from the reader to a lane.
  struct Group {
    size_t part = 0;
    std::vector<Batch> batches;
  };
  class Lane;
  struct Shared;

  void read_groups(RowReader& reader, Batch first, Shared& shared);
  void encode_groups(Shared& shared);
  void read_parts(SplitScan& scan, size_t lane, Shared& shared);
  void append_all(Shared& shared, const std::function<void(uint64_t)>& progress);

  OutputFile& output_;
  const OutputPlan& plan_;
  const ExportRequest& request_;
};

}  // namespace sluice

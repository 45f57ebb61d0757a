#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/output_plan.h"
#include "pipeline/row_splitter.h"

namespace sluice {

/// Rows of many files as one lane has collected them: what BlockCollector::drain gives, one file's
/// after the other.
struct Fragments {
  struct Fragment {
    std::string key;  ///< The expansion of the file template.
    size_t size = 0;
    uint64_t rows = 0;
  };
  std::string bytes;
  std::vector<Fragment> files;
  uint64_t rows = 0;
};

/// One lane's work where the rows go to many files: splits batches by file and encodes them, so
/// that the thread that puts the lanes' results together has little more to do than to copy. One
/// thread.
class Partitioner {
 public:
  Partitioner(const OutputPlan& plan, KeyBuilder keys) : plan_(plan), splitter_(std::move(keys)) {}

  /// As FileSet::add.
  template <class Cast>
  bool add(Batch& batch, Cast cast) {
    splitter_.split(batch);
    if (!cast(batch)) return false;
    collect(batch);
    return true;
  }
  /// Of what was collected since `take`.
  size_t bytes() const { return bytes_; }
  Fragments take();

 private:
  void collect(const Batch& batch);

  const OutputPlan& plan_;
  RowSplitter splitter_;
  std::vector<std::unique_ptr<BlockCollector>> collectors_;  ///< By the splitter's numbers.
  std::vector<size_t> filled_;                               ///< Those that have rows.
  size_t bytes_ = 0;
};

}  // namespace sluice

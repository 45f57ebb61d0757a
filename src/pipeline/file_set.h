#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/block_queue.h"
#include "pipeline/key_builder.h"
#include "pipeline/lanes.h"
#include "pipeline/output_file.h"
#include "pipeline/work_queue.h"

namespace sluice {

/// The files of an export that has several: rows are split by key and collected in a builder for
/// each file; lanes make blocks of the builders, which are appended in order. What the builders
/// hold together is bounded: when it is too much, the largest ones are made blocks of early and
/// begun anew, so that a file never needs memory of its own. Used by one thread.
class FileSet {
 public:
  FileSet(FileOpener& opener, const RunVariables& variables);
  ~FileSet();
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;

  /// The files are chosen by the rows as they are; then `cast` makes of them what the files hold.
  /// False, and nothing added, when `cast` says so.
  template <class Cast>
  bool add(Batch& batch, Cast cast) {
    split(batch);
    if (!cast(batch)) return false;
    spread(batch);
    return true;
  }
  /// The one file of a template without columns, though no row came. Nothing where rows would have
  /// named the files.
  void open_empty();
  /// Ends every file.
  void finish();

  uint64_t rows() const { return rows_; }
  /// As stored, of what is written by now.
  uint64_t bytes() const { return bytes_; }
  size_t files() const { return files_.size(); }

 private:
  struct File;
  /// A builder on its way to a lane.
  struct Work {
    size_t part = 0;
    std::unique_ptr<BlockBuilder> builder;
    bool first = false;
  };

  size_t file_of(const std::string& template_key);
  void split(const Batch& batch);
  void spread(const Batch& batch);
  void add_rows(File& file, const Batch& batch, std::span<const uint32_t> rows);
  void hand_over(size_t index, bool ends_piece);
  void relieve();
  void append_ready(size_t most_waiting);
  void append(BlockQueue::Item item);
  void run_lane();

  FileOpener& opener_;
  KeyBuilder keys_;
  std::unordered_map<std::string, size_t> index_;
  std::vector<std::unique_ptr<File>> files_;
  std::vector<size_t> touched_;
  size_t held_bytes_ = 0;  ///< By the builders of all files.
  uint64_t rows_ = 0;
  uint64_t bytes_ = 0;
  bool even_empty_ = false;

  /// The file that each part in the lanes belongs to, and whether its piece ends with it.
  struct Sent {
    size_t file = 0;
    bool ends_piece = false;
  };
  std::deque<Sent> sent_;
  size_t parts_sent_ = 0;
  BlockQueue blocks_;
  WorkQueue<Work> work_;
  std::unique_ptr<Lanes> lanes_;
};

}  // namespace sluice

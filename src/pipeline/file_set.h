#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/block_queue.h"
#include "pipeline/key_builder.h"
#include "pipeline/lanes.h"
#include "pipeline/output_file.h"
#include "pipeline/partitioner.h"
#include "pipeline/row_splitter.h"
#include "pipeline/spill_file.h"
#include "pipeline/work_queue.h"

namespace sluice {

/// The files of an export that has several: rows are split by key and collected for each file;
/// lanes make blocks of what was collected, which are appended in order. What the collectors hold
/// together is bounded: when it is too much, all of it goes to a spill file, one extent for each,
/// and is read back when a block of that file is full or the result has ended. So a file needs no
/// memory of its own, and its blocks are as large as if there were no other. Used by one thread.
class FileSet {
 public:
  FileSet(FileOpener& opener, KeyBuilder keys);
  ~FileSet();
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;

  /// The files are chosen by the rows as they are; then `cast` makes of them what the files hold.
  /// False, and nothing added, when `cast` says so.
  template <class Cast>
  bool add(Batch& batch, Cast cast) {
    splitter_.split(batch);
    open_touched();
    if (!cast(batch)) return false;
    spread(batch);
    return true;
  }
  /// Rows that a Partitioner has collected; only where files have no most of rows.
  void add(const Fragments& fragments);
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
  /// Rows of a file that were put away.
  struct Extent {
    uint64_t offset = 0;
    size_t size = 0;
    uint64_t rows = 0;
  };
  /// The rows of one block on their way to a lane: those put away, then those collected since.
  struct Work {
    size_t part = 0;
    std::vector<Extent> spilled;
    std::unique_ptr<BlockCollector> collector;
    bool first = false;
  };
  /// What comes behind a block of a file.
  enum class Then { kMore, kNewPiece, kEnd };

  size_t file_of(const std::string& template_key);
  void open_touched();
  void make_collector(File& file);
  void spread(const Batch& batch);
  void add_rows(File& file, const Batch& batch, std::span<const uint32_t> rows);
  bool is_full(const File& file) const;
  void on_full(size_t index);
  void put_away(File& file);
  void hand_over(size_t index, Then then);
  void send(size_t index, Then then, std::vector<Extent> spilled,
            std::unique_ptr<BlockCollector> collector);
  void count_open(File& file, Then then);
  void bound_memory();
  void spill();
  void append_ready(size_t most_waiting);
  void append(BlockQueue::Item item);
  void run_lane();
  Block make_block(Work work) const;

  FileOpener& opener_;
  RowSplitter splitter_;
  std::vector<std::unique_ptr<File>> files_;  ///< By the splitter's numbers.
  size_t held_bytes_ = 0;                     ///< By the collectors of all files.
  /// Where an open file holds much (a brotli stream): how many may be, before their ends. The rows
  /// of the others wait in the spill file until then.
  size_t most_open_;
  size_t open_ = 0;
  SpillFile spill_;
  uint64_t rows_ = 0;
  uint64_t bytes_ = 0;
  bool even_empty_ = false;

  /// The file that each part in the lanes belongs to.
  struct Sent {
    size_t file = 0;
    Then then = Then::kMore;
  };
  std::deque<Sent> sent_;
  size_t parts_sent_ = 0;
  BlockQueue blocks_;
  WorkQueue<Work> work_;
  std::unique_ptr<Lanes<BlockQueue>> lanes_;
};

}  // namespace sluice

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/engine.h"

namespace sluice {

/// Reads on a thread of its own while the batches before are worked on, a few batches ahead. The
/// batches go round: what the caller has done with is filled again. One caller's thread; `reader`
/// outlives it and is its own meanwhile. Destroyed early it waits for the batch that is being read.
class ReadAhead final : public RowReader {
 public:
  explicit ReadAhead(RowReader& reader);
  ~ReadAhead() override;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  const std::vector<ColumnInfo>& columns() const override { return reader_.columns(); }
  std::optional<uint64_t> expected_rows() const override { return reader_.expected_rows(); }
  /// Exchanges `batch` for the next one. Throws what the reader threw.
  bool next(Batch& batch) override;

 private:
  void run();
  std::optional<Batch> take_spare();

  RowReader& reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> filled_;
  std::vector<Batch> spare_;
  std::exception_ptr failure_;
  bool ended_ = false;
  bool closed_ = false;
  std::jthread thread_;
};

}  // namespace sluice

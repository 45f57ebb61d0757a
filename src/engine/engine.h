#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/batch.h"
#include "domain/job.h"

namespace sluice {

/// What a statement is, found out without running it.
struct QueryInfo {
  std::vector<ColumnInfo> columns;
  /// What the statement itself reads, as it can be written in SQL: `file.table`, a table of the
  /// warehouse, or the name of a view it was given. Sorted, without repeats.
  std::vector<std::string> tables;
};

/// The rows of one running statement, in one snapshot of each database. One thread at a time.
class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual const std::vector<ColumnInfo>& columns() const = 0;
  /// Refills `batch` with the next rows (limits::kBatchRows or kBatchBytes, whichever comes first);
  /// false at the end, with an empty batch. Throws kInvalid (the statement failed), kTimeout,
  /// kCancelled, kBusy, kStorage, kTooLarge. After a throw the reader is of no more use.
  virtual bool next(Batch& batch) = 0;
  /// About how many rows there will be, where the engine can tell without running the statement.
  virtual std::optional<uint64_t> expected_rows() const = 0;
};

/// The rows of one statement in consecutive parts, all of one snapshot. Each lane is used by one
/// thread at a time, different lanes by different threads at once.
class SplitScan {
 public:
  virtual ~SplitScan() = default;
  virtual const std::vector<ColumnInfo>& columns() const = 0;
  /// At least one. Read one after the other, they give the rows in the statement's order.
  virtual size_t parts() const = 0;
  /// A part's rows; `lane` counts from 0. The reader is of use until the lane's next call.
  virtual std::unique_ptr<RowReader> read(size_t lane, size_t part) = 0;
};

/// How a scan is to be split.
struct SplitWish {
  size_t lanes = 2;
  uint64_t rows_per_part = 32768;  ///< About.
};

/// SQL in, batches out. User SQL can only read what the engine was given. Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;
  /// Checks the statement. Throws kInvalid (syntax, unknown names, two statements, no result),
  /// kForbidden (it writes, or reads what it may not), kTooLarge.
  virtual QueryInfo describe(const Query& query) = 0;
  /// Starts the statement; it ends with kTimeout after `run_time`, counted from now.
  virtual std::unique_ptr<RowReader> open(const Query& query, std::chrono::seconds run_time,
                                          std::stop_token stop) = 0;
  /// The same in parts; null where the statement can't be split without a
  /// change of its result, or where that would not pay.
  virtual std::unique_ptr<SplitScan> open_split(const Query& /*query*/,
                                                std::chrono::seconds /*run_time*/,
                                                const std::stop_token& /*stop*/,
                                                const SplitWish& /*wish*/) {
    return nullptr;
  }
};

}  // namespace sluice

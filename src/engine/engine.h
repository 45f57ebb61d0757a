#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/limits.h"
#include "data/batch.h"
#include "domain/job.h"

namespace sluice {

class ClusterWriter;

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
  /// Rows that the statement has stepped over without an index's help, where the engine counts.
  virtual uint64_t scanned_rows() const { return 0; }
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

/// What a caller who may not read everything can read.
struct Reach {
  std::set<std::string> views;   ///< Names of the query's views.
  std::set<std::string> tables;  ///< Tables of the warehouse; there need be none of that name.
};

/// How long and how much a statement that a caller waits for may take.
struct AskLimits {
  std::chrono::nanoseconds run_time{};
  size_t value_bytes = 0;   ///< Of one value, also of those between.
  size_t memory_bytes = 0;  ///< Of all that the statement holds at one time.
};

/// SQL in, batches out. User SQL can only read what the engine was given. Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;
  /// Checks the statement. Throws kInvalid (syntax, unknown names, two statements, no result),
  /// kForbidden (it writes, or reads what it may not), kTooLarge; kBusy where another program's
  /// lock on a file stays for longer than `patience`.
  virtual QueryInfo describe(const Query& query,
                             std::chrono::nanoseconds patience = limits::kBusyTimeout) = 0;
  /// Starts the statement; it ends with kTimeout after `run_time`, counted from now.
  virtual std::unique_ptr<RowReader> open(const Query& query, std::chrono::seconds run_time,
                                          std::stop_token stop) = 0;
  /// The same for a caller who waits: begins at once, on what the last such call has left behind.
  /// The first row is there when it returns. The reader must not outlive the engine.
  virtual std::unique_ptr<RowReader> ask(const Query& query, const AskLimits& most,
                                         std::stop_token stop) = 0;
  /// Throws kForbidden where the statement itself (not what its views read) needs anything that is
  /// not within reach, and what `describe` throws. What is out of reach is as if it did not exist.
  virtual void check_reach(const Query& query, const Reach& reach) = 0;
  /// `open` in parts; null where the statement can't be split without a
  /// change of its result, or where that would not pay.
  virtual std::unique_ptr<SplitScan> open_split(const Query& /*query*/,
                                                std::chrono::seconds /*run_time*/,
                                                const std::stop_token& /*stop*/,
                                                const SplitWish& /*wish*/) {
    return nullptr;
  }
  /// The cluster that the query runs on, where it can write files itself; else null. The engine's.
  virtual ClusterWriter* cluster_writer(const Query& /*query*/) { return nullptr; }
};

}  // namespace sluice

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/secret.h"
#include "data/batch.h"
#include "domain/date_format.h"
#include "domain/format.h"
#include "domain/job.h"

namespace sluice {

class RowReader;

/// A column whose values, as they are or as dates, tell which file a row belongs to.
struct ClusterKey {
  std::string column;
  std::optional<DateFormat> date;
};

/// Where a cluster writes the files of an export by itself, and how they are to be.
struct ClusterTarget {
  std::string folder_url;  ///< With a slash at its end.
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;  ///< Empty: none.
  Format format = Format::kCsv;
  Compression compression = Compression::kNone;
  FileOptions options;
  std::string extension;
  /// A file for each combination of their values, however the engine calls it; none: one file.
  std::vector<ClusterKey> keys;
  unsigned spread = 1;  ///< Each of them in so many files.
};

/// A cluster that can write files to an object store itself. Thread-safe.
class ClusterWriter {
 public:
  virtual ~ClusterWriter() = default;
  /// The result's columns. Throws as Engine::describe does.
  virtual std::vector<ColumnInfo> columns(const Query& query) = 0;
  /// Ends what an earlier attempt of this run has left at work. Throws nothing.
  virtual void end_run(const Query& query) noexcept = 0;
  /// Writes the query's rows; returns how many, as the cluster counts them while it writes or,
  /// where it does not, as the query has after it. Throws as a RowReader does, and what the store
  /// said to the cluster.
  virtual uint64_t write(const Query& query, const ClusterTarget& target,
                         std::chrono::seconds run_time, const std::stop_token& stop) = 0;
  /// What stands in the folder, a row for each file: its name, its rows, and a value of each key.
  virtual std::unique_ptr<RowReader> read_back(const Query& query, const ClusterTarget& target,
                                               std::chrono::seconds run_time,
                                               const std::stop_token& stop) = 0;
};

}  // namespace sluice

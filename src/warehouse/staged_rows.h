#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/batch.h"
#include "data/rejected_row.h"
#include "domain/data_source.h"
#include "warehouse/source_table.h"

namespace sluice {

/// A file of SQLite's in the spool that is gone when the object is.
class SpooledDatabase {
 public:
  /// Throws kStorage.
  explicit SpooledDatabase(std::string path);
  ~SpooledDatabase();
  SpooledDatabase(const SpooledDatabase&) = delete;
  SpooledDatabase& operator=(const SpooledDatabase&) = delete;

  const std::string& path() const { return path_; }
  SQLite::Database& database() { return *database_; }
  /// Nothing more is written; others may open the file.
  void close();

 private:
  std::string path_;
  std::unique_ptr<SQLite::Database> database_;
};

/// The rows of one file on their way into a data source: read and checked to the end before
/// anything of them is in the warehouse, which then takes them over in one quick transaction. So
/// nothing is left of a file that is broken half-way, and events wait for the move alone, not for
/// the reading. Memory is bounded; what it is given goes to a file. One thread at a time. Throws
/// kStorage.
class StagedRows {
 public:
  StagedRows(const std::string& path, const std::vector<DataColumn>& columns, QuarantineNote note);

  void add(const Batch& batch, const std::vector<RejectedRow>& rejected);
  /// No more rows come. To be called before the warehouse takes them.
  void finish();

  const SourceCounts& counts() const { return counts_; }
  const std::string& path() const { return file_->path(); }
  size_t columns() const { return columns_; }

 private:
  size_t columns_;
  Stamps stamps_;  ///< Only how long they will be counts here.
  QuarantineNote note_;
  std::unique_ptr<SpooledDatabase> file_;
  std::unique_ptr<RowInserter> rows_;
  std::unique_ptr<QuarantineInserter> rejected_;
  SourceCounts counts_;
};

/// The same for the numbers of rows that are to be deleted.
class StagedRowids {
 public:
  explicit StagedRowids(const std::string& path);

  void add(int64_t rowid);
  void finish();
  uint64_t count() const { return count_; }
  const std::string& path() const { return file_->path(); }

 private:
  std::unique_ptr<SpooledDatabase> file_;
  std::unique_ptr<SQLite::Statement> insert_;
  uint64_t count_ = 0;
};

}  // namespace sluice

#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "data/batch.h"
#include "data/rejected_row.h"
#include "domain/data_source.h"
#include "warehouse/staged_rows.h"
#include "warehouse/warehouse_database.h"

namespace sluice {

using DataSourcePtr = std::shared_ptr<const DataSource>;

struct SourceStatus {
  DataSourcePtr source;
  SourceCounts counts;
};

/// Rows of events, fitted to the columns that the data source had.
struct EventRows {
  std::string source_id;
  std::vector<Batch> batches;
  std::vector<RejectedRow> rejected;
  Durability durability = Durability::kCommitted;
};

/// The data sources: tables of warehouse.db, each beside `<name>_quarantine`, which holds the rows
/// that were not taken, and why. What they are, and how much they hold, stands in the table
/// `sluice_datasources` of the same file, so that a table, its definition and its counts change in
/// one transaction. Tables that a user has put into the file are left alone.
/// Thread-safe; every call is one transaction, and durable when it returns unless it says
/// otherwise. Throws kNotFound where the data source is gone, kStorage (nothing is changed then),
/// kBusy, kCorrupt.
class Warehouse {
 public:
  /// Opens or creates `path`. Staged files go to `spool`; those of a process that was killed are
  /// removed. `clock` must outlive the warehouse.
  Warehouse(const std::string& path, std::string spool, Clock& clock);

  /// By id, or by name in any case; null where there is none.
  DataSourcePtr find(std::string_view id_or_name) const;
  /// All, by name, with what they hold.
  std::vector<SourceStatus> all();
  std::optional<SourceStatus> status(std::string_view id_or_name);
  size_t count() const;
  /// Whether it is, in any case, the name of a data source or of a quarantine.
  bool has_table(std::string_view name) const;

  /// A place for rows of a file; see StagedRows.
  StagedRows stage(const std::vector<DataColumn>& columns, const std::string& import_id);
  StagedRowids stage_rowids();

  /// Creates the table, its quarantine and the definition, with these rows, if given. Throws
  /// kConflict where there is a table of either name.
  void create(const DataSource& source, const StagedRows* rows = nullptr);
  /// Adds the rows.
  void append(const std::string& id, const StagedRows& rows);
  /// Puts the rows in the place of all that were there. The quarantine keeps what it had.
  void replace(const std::string& id, const StagedRows& rows);
  /// Empties the data source; its quarantine stays.
  void truncate(const std::string& id);
  /// Deletes these rows and says how many were there. Numbers of rows are given anew after rows
  /// were deleted: no other removal may happen between finding them out and this call.
  uint64_t delete_rows(const std::string& id, const StagedRowids& rowids);
  /// With its quarantine; false where it was gone.
  bool drop(const std::string& id);
  /// Adds columns behind those there are; they must be nullable.
  void add_columns(const std::string& id, const std::vector<DataColumn>& columns);
  void set_description(const std::string& id, const std::string& description);

  /// Returns when every transaction that had begun is over. In columns whose DEFAULT is the time,
  /// what comes from now on has no earlier one than now (as the clock goes).
  void settle() { database_.settle(); }

  /// Commits all of them in one transaction, as durable as the most demanding one asks for. For
  /// each, the error that kept its rows out, or nothing: then they are committed.
  std::vector<std::optional<Error>> append_events(const std::vector<EventRows*>& all);

 private:
  /// Statements of a data source that are prepared already. Used by the writer alone.
  struct Inserters {
    size_t columns = 0;
    std::unique_ptr<RowInserter> rows;
    std::unique_ptr<QuarantineInserter> rejected;
  };

  std::string staged_path();
  DataSourcePtr needed(std::string_view id) const;
  void load();
  void remember(DataSource source);
  void forget(const std::string& id);
  Inserters& inserters(SQLite::Database& database, const DataSource& source, size_t columns);
  SourceCounts insert(SQLite::Database& database, const EventRows& events);

  std::string spool_;
  Clock& clock_;
  WarehouseDatabase database_;
  std::atomic<uint64_t> staged_{0};
  mutable std::shared_mutex mutex_;  ///< Of the two maps; writers of the database change them.
  std::map<std::string, DataSourcePtr, std::less<>> by_name_;  ///< In lower case.
  std::map<std::string, DataSourcePtr, std::less<>> by_id_;
  std::map<std::string, Inserters, std::less<>> inserters_;
};

}  // namespace sluice

#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "data/batch.h"
#include "data/rejected_row.h"
#include "domain/data_source.h"

namespace sluice {

/// What a data source holds.
struct SourceCounts {
  uint64_t rows = 0;
  uint64_t bytes = 0;  ///< Of the values: texts as they are, numbers as 8 bytes each.
  uint64_t quarantined = 0;

  SourceCounts& operator+=(const SourceCounts& other);
};

/// Where a row that was not taken came from.
struct QuarantineNote {
  std::string import_id;  ///< Empty: events.
  std::string time;       ///< `YYYY-MM-DD HH:MM:SS`, UTC.
};

/// The name of the table of rows that a data source did not take.
std::string quarantine_name(const std::string& source);

/// Creates the table `name` (as it is written in SQL) of these columns.
std::string create_table_sql(const std::string& name, const std::vector<DataColumn>& columns);
/// Creates a quarantine table.
std::string create_quarantine_sql(const std::string& name);
/// A column as CREATE TABLE and ADD COLUMN take it.
std::string column_sql(const DataColumn& column);
/// For each column what stands for a NULL in it: the time, where its DEFAULT is that, else nothing.
/// The time is that of the transaction, which is the only writer: so once later ones come, no row
/// of an earlier time does.
using Stamps = std::vector<std::optional<std::string>>;
Stamps stamps_of(const std::vector<DataColumn>& columns, Timestamp now);
/// An expression for the SourceCounts::bytes of a row of the table.
std::string row_bytes_sql(const std::vector<DataColumn>& columns);

/// Puts rows into a table, by a statement that is prepared once. Belongs to one connection; throws
/// SQLite::Exception.
class RowInserter {
 public:
  /// Fills the first `columns` of the table's columns; `table` is as it is written in SQL.
  RowInserter(SQLite::Database& database, const std::string& table,
              const std::vector<DataColumn>& columns, size_t count);
  /// Returns what they add up to, with the stamps. With `put_stamps` these are put in; else their
  /// cells stay NULL until the rows are moved.
  SourceCounts insert(const Batch& batch, const Stamps& stamps = {}, bool put_stamps = true);

 private:
  void bind(const Batch& batch, size_t row, const Stamps& stamps, bool put_stamps, uint64_t& bytes);
  void bind_missing(int column, const Stamps& stamps, bool put_stamps, uint64_t& bytes);

  struct StatementFree {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  SQLite::Database& database_;
  std::unique_ptr<sqlite3_stmt, StatementFree> statement_;
  int columns_;
};

/// The same for a quarantine table.
class QuarantineInserter {
 public:
  QuarantineInserter(SQLite::Database& database, const std::string& table);
  SourceCounts insert(const std::vector<RejectedRow>& rows, const QuarantineNote& note);

 private:
  SQLite::Statement statement_;
};

}  // namespace sluice

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/scan_program.h"
#include "engine/snapshot_pages.h"
#include "engine/sqlite_session.h"

namespace sluice {

/// What a table reader is to give.
struct TableRange {
  uint32_t root = 0;  ///< The table's first page.
  StoredColumns columns;
  /// Columns were added to the table with a value for the rows that were there already.
  bool has_defaults = false;
  int64_t low = INT64_MIN;
  int64_t high = INT64_MAX;
};

/// The rows of a table from `low` to `high`, decoded from the pages of its b-tree
/// (sqlite.org/fileformat2.html) a page at a time: in some 40 % of the time in which SQLite's
/// machine hands them over value by value. Where it meets what it does not know (a value that is
/// longer than is allowed, a row without a column that has a default, a page that makes no sense),
/// `by_sql` reads the rows from a given rowid on and what it does, also its error, counts. The
/// session must hold the snapshot of the pages; both must outlive the reader. `of`: see
/// Batch::set_place.
std::unique_ptr<RowReader> make_table_reader(
    SqliteSession& session, const SnapshotPages& pages, TableRange range,
    const std::vector<ColumnInfo>& columns, std::string of,
    std::function<std::unique_ptr<RowReader>(int64_t low)> by_sql);

}  // namespace sluice

#pragma once

#include <sqlite3.h>

#include <string>
#include <vector>

namespace sluice {

/// A view of another SQLite file that statements can read as a table of its name.
struct LogTable {
  std::string name;
  std::vector<std::string> columns;  ///< All of the view's, at most 31.
};

/// Makes the tables of `path` readable on the connection, and nothing else of that file: they are
/// virtual tables, whose rows come over a connection that no statement of a user is compiled on. It
/// is opened when one of them is first read. A table of the same name elsewhere is found first.
/// Throws kInternal.
void add_log_tables(sqlite3* connection, const std::string& path,
                    const std::vector<LogTable>& tables);

}  // namespace sluice

#include "engine/sqlite_error.h"

#include <algorithm>

namespace sluice {
namespace {

/// " (line 2, column 7)" of a byte offset into the statement; nothing where it is unknown.
std::string place_of(const std::string& sql, int offset) {
  if (offset < 0 || static_cast<size_t>(offset) > sql.size()) return {};
  const auto until = sql.begin() + offset;
  const auto line = std::count(sql.begin(), until, '\n') + 1;
  const size_t line_start = sql.rfind('\n', offset == 0 ? 0 : static_cast<size_t>(offset) - 1);
  const size_t start = line == 1 || line_start == std::string::npos ? 0 : line_start + 1;
  return " (line " + std::to_string(line) + ", column " +
         std::to_string(static_cast<size_t>(offset) - start + 1) + ")";
}

}  // namespace

Error sqlite_error(sqlite3* connection, int code, const std::string& doing,
                   const std::string& sql) {
  const std::string said = sqlite3_errmsg(connection);
  const std::string what =
      doing + ": " + said + place_of(sql, sqlite3_error_offset(connection)) + ".";
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kBusy, what, "Another program holds a lock on the database; run again."};
    case SQLITE_FULL:
      return {ErrorCode::kStorage, what, "Free space on the disk that holds temporary files."};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return {ErrorCode::kStorage, what, "Check that the database file and its disk are well."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kCorrupt, what,
              "Check the file with: sqlite3 FILE 'PRAGMA integrity_check'."};
    case SQLITE_TOOBIG:
      return {ErrorCode::kTooLarge, what, "One value of the result is too large; make it smaller."};
    case SQLITE_NOMEM:
      return {ErrorCode::kTooLarge, what,
              "The statement needs too much memory; read less at once."};
    default:
      if (said.find("circularly defined") != std::string::npos) {
        return {ErrorCode::kInvalid, what,
                "A pipe and a table of one name: write main.TABLE or FILE.TABLE in the pipe."};
      }
      return {ErrorCode::kInvalid, what};
  }
}

}  // namespace sluice

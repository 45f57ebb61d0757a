#pragma once

#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace sluice {

/// A SQLite database as another program would hold it: it may write whenever a test says so.
class SqliteFile {
 public:
  explicit SqliteFile(std::string path, const std::string& sql = {}) : path_(std::move(path)) {
    if (sqlite3_open(path_.c_str(), &connection_) != SQLITE_OK) {
      throw std::runtime_error("can't open " + path_);
    }
    run(sql);
  }
  ~SqliteFile() { sqlite3_close(connection_); }
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  void run(const std::string& sql) {
    char* said = nullptr;
    if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, &said) == SQLITE_OK) return;
    const std::string message = said == nullptr ? "failed" : said;
    sqlite3_free(said);
    throw std::runtime_error(message + ": " + sql);
  }
  /// The first value of the first row as text; "" when there is none.
  std::string value(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      throw std::runtime_error(std::string(sqlite3_errmsg(connection_)) + ": " + sql);
    }
    std::string out;
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) != nullptr) {
      out.assign(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                 static_cast<size_t>(sqlite3_column_bytes(statement, 0)));
    }
    sqlite3_finalize(statement);
    return out;
  }
  const std::string& path() const { return path_; }
  sqlite3* handle() { return connection_; }

 private:
  std::string path_;
  sqlite3* connection_ = nullptr;
};

}  // namespace sluice

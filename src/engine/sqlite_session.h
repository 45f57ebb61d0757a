#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "engine/read_only_guard.h"
#include "engine/sqlite_engine.h"

namespace sluice {

/// One connection that has everything a statement may read, and a statement prepared on it.
/// Not thread-safe; not movable, since SQLite calls back into it.
class SqliteSession {
 public:
  SqliteSession(const SqliteEngineOptions& options, Clock& clock);
  ~SqliteSession();
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;

  /// From now on statements end with kTimeout or kCancelled.
  void limit(std::chrono::nanoseconds run_time, std::stop_token stop);
  /// Creates the views and prepares the statement. Throws as Engine::describe says.
  void prepare(const Query& query);

  std::vector<ColumnInfo> columns() const;
  std::vector<std::string> tables();
  /// See RowReader::expected_rows.
  std::optional<uint64_t> expected_rows();
  /// One step: true for a row. Throws as RowReader::next says.
  bool step();
  sqlite3_stmt* statement() const { return statement_.get(); }

 private:
  struct StatementFree {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementFree>;

  void attach(const SqliteEngineOptions& options);
  void create_view(const NamedQuery& view);
  StatementPtr prepare_one(const std::string& sql, const std::string& doing);
  bool can_be_read(const std::string& name);
  bool is_plain_scan();
  static int on_progress(void* self);

  Clock& clock_;
  std::unique_ptr<SQLite::Database> database_;
  ReadOnlyGuard guard_;
  std::string sql_;
  StatementPtr statement_;
  std::optional<std::chrono::nanoseconds> deadline_;
  std::chrono::nanoseconds run_time_{};
  std::stop_token stop_;
};

}  // namespace sluice

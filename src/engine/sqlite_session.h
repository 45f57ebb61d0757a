#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "engine/busy_wait.h"
#include "engine/read_only_guard.h"
#include "engine/secret_function.h"
#include "engine/sql_functions.h"
#include "engine/sqlite_engine.h"

namespace sluice {

/// One instruction of a statement.
struct ProgramStep {
  std::string opcode;
  int64_t p1 = 0;
  int64_t p2 = 0;
  int64_t p3 = 0;
  std::string p4 = {};  ///< Of a function: its name and number of arguments.
};

/// One connection that has everything a statement may read, and a statement prepared on it.
/// Not thread-safe; not movable, since SQLite calls back into it.
class SqliteSession {
 public:
  /// `moment` is what now() will be; without it, the time now. `patience` is how long it waits for
  /// a lock that another program has on a file, now and later.
  SqliteSession(const SqliteEngineOptions& options, Clock& clock,
                std::optional<Timestamp> moment = {},
                std::chrono::nanoseconds patience = limits::kBusyTimeout);
  ~SqliteSession();
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;

  /// From now on statements end with kTimeout, whose hint names the flag that sets `run_time`, or
  /// with kCancelled.
  void limit(std::chrono::nanoseconds run_time, std::stop_token stop,
             std::string_view flag = "--job-timeout");
  /// No value may be larger, also none between. At most limits::kValueBytes.
  void limit_values(size_t bytes);
  /// Creates the views, unless they are there from the statement before, and prepares the
  /// statement. Throws as Engine::describe says.
  void prepare(const Query& query);

  /// Another statement over the views that are there; the one before is given up. `view`: one of
  /// them, which is replaced first. For SQL that was composed from what `prepare` has accepted.
  void prepare_again(const NamedQuery* view, const std::string& sql);
  /// Gives the statement up.
  void finalize() { statement_.reset(); }
  /// Forgets statement, limits and failures; only views stay, for a statement that has the same.
  /// False where the session is of no more use: something is under way or was locked.
  bool rest();
  /// After a rest: what now() is from here on.
  void wake(Timestamp moment) { functions_.set_moment(moment); }
  /// SQL of a view that can't be read.
  static const char* broken_view();
  /// Whether the warehouse has a table of that name, in any case.
  bool has_table(const std::string& name);
  /// An empty table of the warehouse, where that is in memory.
  void put_table(const std::string& name, const std::vector<ColumnInfo>& columns);

  /// Holds what `schema` is at now until the session ends or `end_snapshot`.
  void begin_snapshot(const std::string& schema);
  void end_snapshot();
  /// Changes when another connection has committed to `schema` (sqlite.org/pragma.html). Only
  /// outside of a snapshot and without a statement.
  int64_t data_version(const std::string& schema);
  /// One row of a statement of ours, past the guard; nothing if there is none or it fails.
  std::optional<std::vector<std::string>> ask(const std::string& sql);
  /// SQLite's program for the statement (sqlite.org/opcode.html), an instruction a row.
  std::vector<ProgramStep> program();

  std::vector<ColumnInfo> columns() const;
  /// See QueryInfo::tables. The last use of the session: its statement is given up.
  std::vector<std::string> take_tables();
  /// See RowReader::expected_rows.
  std::optional<uint64_t> expected_rows();
  /// See RowReader::scanned_rows.
  uint64_t scanned_rows() const;
  /// One step: true for a row. Throws as RowReader::next says.
  bool step();
  /// Throws kTimeout or kCancelled where a step would: for what reads past SQLite's machine.
  void check_limits() const;
  sqlite3_stmt* statement() const { return statement_.get(); }
  sqlite3* connection() const { return database_->getHandle(); }

 private:
  struct StatementFree {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementFree>;

  void attach(const SqliteEngineOptions& options);
  void create_views(const std::vector<NamedQuery>& views);
  void create_view(const NamedQuery& view);
  /// Makes or replaces the temp view, past the guard: the SQL must be known to be harmless.
  void put_view(const NamedQuery& view);
  /// The statement as SQLite can read it, once the functions that it calls are there.
  std::string readied(const std::string& sql);
  StatementPtr prepare_one(const std::string& sql, const std::string& doing);
  /// The tables that the statement itself reads, where its words and SQLite agree.
  std::set<std::string> direct_reads();
  void run_unguarded(const std::string& sql);
  bool can_be_read(const std::string& name);
  bool can_be_prepared(const std::string& sql);
  /// What is behind a failure: the view that is broken, where the failure comes from reading it.
  Error cause_of(const Error& error, const std::string& sql) const;
  bool is_plain_scan();
  Error step_failed(int code) const;
  bool must_end() const;
  Error ended_early() const;
  static int on_progress(void* self);

  Clock& clock_;
  std::chrono::nanoseconds patience_;
  SecretLookup secret_lookup_;
  SecretFunction secrets_;
  BusyWait busy_wait_;
  std::unique_ptr<SQLite::Database> database_;
  SqlFunctions functions_;
  ReadOnlyGuard guard_;
  std::string sql_;
  std::vector<NamedQuery> wanted_;  ///< The views as they were asked for.
  std::vector<NamedQuery> views_;   ///< As they are.
  /// Views that can't be read, and why; a failure only for who reads them.
  std::map<std::string, Error> broken_;
  /// An attached file that another program has locked; a failure only for who reads it.
  std::optional<Error> locked_;
  StatementPtr statement_;
  std::optional<std::chrono::nanoseconds> deadline_;
  std::chrono::nanoseconds run_time_{};
  std::string flag_;
  std::stop_token stop_;
};

}  // namespace sluice

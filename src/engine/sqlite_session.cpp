#include "engine/sqlite_session.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "base/encoding.h"
#include "base/limits.h"
#include "domain/sql_text.h"
#include "engine/sqlite_error.h"

namespace sluice {
namespace {

/// How many steps of SQLite's machine pass between two looks at deadline and stop (some 0.1 ms).
constexpr int kStepsPerLook = 10000;
/// Read through the page cache of the kernel; more than any file here, SQLite caps it.
constexpr const char* kMapFile = "PRAGMA mmap_size=1099511627776";

/// Views are composed of nodes, each of which was checked against limits::kSqlBytes.
constexpr int kComposedSqlBytes = static_cast<int>(limits::kSqlBytes * limits::kNodesPerPipe * 2);
/// Page cache that a session may keep while it rests.
constexpr int kRestingBytes = 1024 * 1024;
/// Stands for a view that is broken: reading it fails, and no table of its name is taken for it.
constexpr const char* kBrokenView = "SELECT * FROM temp.\"broken view\"";
constexpr const char* kBrokenTable = "broken view";

std::string read_only_uri(const std::string& path) {
  return "file:" + percent_encode_path(std::filesystem::absolute(path).string()) + "?mode=ro";
}

/// `file.table` or `table`, as the guard names it, in SQL.
std::string quote_table(const std::string& name) {
  const size_t dot = name.find('.');
  if (dot == std::string::npos) return quote_identifier(name);
  return quote_identifier(name.substr(0, dot)) + "." + quote_identifier(name.substr(dot + 1));
}

int open_flags(bool in_memory) {
  // What is in memory is nobody's; `put_table` needs it.
  const int mode = in_memory ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY;
  return mode | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX;
}

bool is_there(const std::string& path) {
  std::error_code failed;
  return !path.empty() && std::filesystem::exists(path, failed);
}

std::unique_ptr<SQLite::Database> open_main(const std::string& warehouse_path) {
  const bool in_memory = !is_there(warehouse_path);
  try {
    return std::make_unique<SQLite::Database>(
        in_memory ? "file::memory:" : read_only_uri(warehouse_path), open_flags(in_memory));
  } catch (const SQLite::Exception& failure) {
    throw Error(ErrorCode::kStorage,
                std::string("The warehouse can't be opened: ") + failure.what() + ".",
                "Check warehouse.db in the data folder.");
  }
}

}  // namespace

SqliteSession::SqliteSession(const SqliteEngineOptions& options, Clock& clock,
                             std::optional<Timestamp> moment, std::chrono::nanoseconds patience)
    : clock_(clock),
      patience_(patience),
      secret_lookup_(options.secrets),
      busy_wait_(clock),
      database_(open_main(options.warehouse_path)),
      functions_(database_->getHandle(), moment.value_or(clock.now()), options.random,
                 [this] { return must_end(); }) {
  sqlite3* connection = database_->getHandle();
  busy_wait_.limit(patience_, {});
  busy_wait_.attach_to(connection);
  attach(options);
  // Before the guard, to which the first use of a virtual table looks like a change of the schema.
  database_->execAndGet("SELECT count(*) FROM json_each('[]'), json_tree('[]')");
  add_log_tables(connection, options.log_path, options.logs);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, limits::kValueBytes);
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, kComposedSqlBytes);
  sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  secrets_.attach_to(connection);
  guard_.attach_to(connection);
}

SqliteSession::~SqliteSession() = default;

void SqliteSession::attach(const SqliteEngineOptions& options) {
  for (const AttachedFile& file : options.files) {
    try {
      SQLite::Statement attach(*database_, "ATTACH ? AS " + quote_identifier(file.name));
      attach.bind(1, read_only_uri(file.path));
      attach.exec();
      database_->execAndGet("SELECT count(*) FROM " + quote_identifier(file.name) +
                            ".sqlite_schema");
    } catch (const SQLite::Exception& failure) {
      const bool busy = failure.getErrorCode() == SQLITE_BUSY;
      const bool foreign = failure.getErrorCode() == SQLITE_NOTADB;
      const Error error(busy      ? ErrorCode::kBusy
                        : foreign ? ErrorCode::kInvalid
                                  : ErrorCode::kStorage,
                        "The attached database '" + file.name + "' (" + file.path +
                            ") can't be read: " + failure.what() + ".",
                        busy ? "Another program holds a lock on it; run again."
                             : "Check that the file is there, readable and a SQLite database.");
      if (!busy) throw error;
      locked_.emplace(error);
    }
  }
  database_->exec(kMapFile);
}

void SqliteSession::limit(std::chrono::nanoseconds run_time, std::stop_token stop,
                          std::string_view flag) {
  flag_ = flag;
  run_time_ = run_time;
  deadline_ = clock_.ticks() + run_time;
  stop_ = std::move(stop);
  sqlite3_progress_handler(database_->getHandle(), kStepsPerLook, &SqliteSession::on_progress,
                           this);
  busy_wait_.limit(std::min(run_time, patience_), stop_);
}

void SqliteSession::limit_values(size_t bytes) {
  sqlite3_limit(database_->getHandle(), SQLITE_LIMIT_LENGTH, static_cast<int>(bytes));
}

bool SqliteSession::rest() {
  sqlite3* connection = database_->getHandle();
  statement_.reset();
  sqlite3_progress_handler(connection, 0, nullptr, nullptr);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, limits::kValueBytes);
  deadline_.reset();
  stop_ = {};
  busy_wait_.limit(patience_, {});
  guard_.forget();
  secrets_.allow({}, {});
  sql_.clear();
  // What its pages hold is given back, where that is much.
  int held = 0;
  int unused = 0;
  sqlite3_db_status(connection, SQLITE_DBSTATUS_CACHE_USED, &held, &unused, 0);
  if (held > kRestingBytes) sqlite3_db_release_memory(connection);
  return !locked_ && sqlite3_get_autocommit(connection) != 0;
}

const char* SqliteSession::broken_view() { return kBrokenView; }

bool SqliteSession::has_table(const std::string& name) {
  return ask("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = " +
             quote_text(name) + " COLLATE NOCASE")
      .has_value();
}

void SqliteSession::put_table(const std::string& name, const std::vector<ColumnInfo>& columns) {
  std::string list;
  for (const ColumnInfo& column : columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  run_unguarded("CREATE TABLE main." + quote_identifier(name) + " (" + list + ")");
}

bool SqliteSession::must_end() const {
  return stop_.stop_requested() || (deadline_ && clock_.ticks() >= *deadline_);
}

int SqliteSession::on_progress(void* self) {
  return static_cast<SqliteSession*>(self)->must_end() ? 1 : 0;
}

void SqliteSession::check_limits() const {
  if (must_end()) throw ended_early();
}

Error SqliteSession::ended_early() const {
  if (stop_.stop_requested()) return {ErrorCode::kCancelled, "The query was stopped."};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(run_time_).count();
  return {ErrorCode::kTimeout,
          "The query ran longer than the limit of " + std::to_string(seconds) + " s.",
          "Make it faster, or raise " + flag_ + "."};
}

std::string SqliteSession::readied(const std::string& sql) {
  functions_.add_called_in(sql);
  return join_parameters(sql, is_sql_aggregate);
}

SqliteSession::StatementPtr SqliteSession::prepare_one(const std::string& sql,
                                                       const std::string& doing) {
  guard_.forget();
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v2(database_->getHandle(), sql.data(),
                                      static_cast<int>(sql.size()), &raw, &rest);
  StatementPtr statement(raw);
  if (!guard_.refused().empty()) {
    throw Error(ErrorCode::kForbidden,
                doing + ": the SQL may only read, but it holds " + guard_.refused() + ".",
                "Use one SELECT over the data that pipes can see.");
  }
  if (code != SQLITE_OK) throw sqlite_error(database_->getHandle(), code, doing, sql);
  const auto used = static_cast<size_t>(rest - sql.data());
  if (!strip_statement_end(sql.substr(used)).empty()) {
    throw Error(ErrorCode::kInvalid, doing + ": there is more than one statement.",
                "Keep one SELECT; put further ones into nodes of their own.");
  }
  if (!statement || sqlite3_stmt_isexplain(statement.get()) != 0) {
    throw Error(ErrorCode::kInvalid, doing + ": the SQL has no result.", "Write one SELECT.");
  }
  // REINDEX, say, has nothing that the guard is asked about where there is no index.
  if (sqlite3_stmt_readonly(statement.get()) == 0 || sqlite3_column_count(statement.get()) == 0) {
    throw Error(ErrorCode::kForbidden, doing + ": the SQL may only read, but it is no SELECT.",
                "Use one SELECT over the data that pipes can see.");
  }
  if (sqlite3_bind_parameter_count(statement.get()) > 0) {
    throw Error(ErrorCode::kInvalid,
                doing + ": the SQL has a parameter placeholder (?, :name, @name).",
                "Write the value itself.");
  }
  return statement;
}

void SqliteSession::create_views(const std::vector<NamedQuery>& views) {
  // A broken view is tried again: it may be whole now.
  if (wanted_ == views && broken_.empty()) return;
  wanted_.clear();
  broken_.clear();
  for (const NamedQuery& old : views_) {
    run_unguarded("DROP VIEW IF EXISTS temp." + quote_identifier(old.name));
  }
  views_.clear();
  for (const NamedQuery& view : views) create_view(view);
  wanted_ = views;
}

void SqliteSession::create_view(const NamedQuery& view) {
  // The view's SQL stands alone first, so that it is one reading statement before it is put behind
  // CREATE VIEW.
  const std::string sql = readied(view.sql);
  NamedQuery stored{view.name, strip_statement_end(sql)};
  try {
    prepare_one(sql, "The SQL of '" + view.name + "' is invalid");
  } catch (const Error& error) {
    broken_.emplace(ascii_lower(view.name), cause_of(error, sql));
    stored.sql = kBrokenView;
  }
  put_view(stored);
  views_.push_back(std::move(stored));
}

void SqliteSession::put_view(const NamedQuery& view) {
  sqlite3* connection = database_->getHandle();
  const std::string name = quote_identifier(view.name);
  const std::string ddl =
      "DROP VIEW IF EXISTS temp." + name + "; CREATE TEMP VIEW " + name + " AS " + view.sql;
  sqlite3_set_authorizer(connection, nullptr, nullptr);
  const int code = sqlite3_exec(connection, ddl.c_str(), nullptr, nullptr, nullptr);
  guard_.attach_to(connection);
  if (code != SQLITE_OK) {
    throw sqlite_error(connection, code, "The SQL of '" + view.name + "' is invalid", {});
  }
}

void SqliteSession::prepare(const Query& query) {
  secrets_.allow(query.secrets, secret_lookup_);
  guard_.allow_secrets(secrets_.is_used());
  create_views(query.views);
  sql_ = query.sql;
  if (sql_.size() > limits::kSqlBytes) {
    throw Error(ErrorCode::kTooLarge, "The SQL has " + std::to_string(sql_.size()) +
                                          " bytes; at most " + std::to_string(limits::kSqlBytes) +
                                          " are allowed.");
  }
  if (sql_.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalid, "The SQL holds a NUL character.", "Remove it.");
  }
  sql_ = readied(sql_);
  try {
    statement_ = prepare_one(sql_, "The SQL is invalid");
  } catch (const Error& error) {
    // It may be for the want of what is locked; when that is free again, the truth comes out.
    if (locked_) throw *locked_;
    throw cause_of(error, sql_);
  }
}

void SqliteSession::prepare_again(const NamedQuery* view, const std::string& sql) {
  statement_.reset();
  if (view != nullptr) put_view({view->name, readied(view->sql)});
  sql_ = readied(sql);
  statement_ = prepare_one(sql_, "The SQL is invalid");
}

void SqliteSession::run_unguarded(const std::string& sql) {
  sqlite3* connection = database_->getHandle();
  sqlite3_set_authorizer(connection, nullptr, nullptr);
  const int code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
  guard_.attach_to(connection);
  if (code != SQLITE_OK) throw sqlite_error(connection, code, "A database can't be read", {});
}

void SqliteSession::begin_snapshot(const std::string& schema) {
  // BEGIN alone takes no snapshot; the first read does.
  run_unguarded("BEGIN; SELECT count(*) FROM " + quote_identifier(schema) + ".sqlite_schema");
}

void SqliteSession::end_snapshot() { run_unguarded("ROLLBACK"); }

int64_t SqliteSession::data_version(const std::string& schema) {
  const auto row = ask("PRAGMA " + quote_identifier(schema) + ".data_version");
  if (!row) {
    // Another program's lock, say, which is a reason to try again.
    sqlite3* connection = database_->getHandle();
    throw sqlite_error(connection, sqlite3_extended_errcode(connection),
                       "The version of '" + schema + "' can't be read", {});
  }
  return std::stoll(row->front());
}

std::optional<std::vector<std::string>> SqliteSession::ask(const std::string& sql) {
  sqlite3* connection = database_->getHandle();
  sqlite3_set_authorizer(connection, nullptr, nullptr);
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(connection, sql.c_str(), -1, &raw, nullptr);
  const StatementPtr statement(raw);
  std::optional<std::vector<std::string>> row;
  if (statement && sqlite3_step(statement.get()) == SQLITE_ROW) {
    row.emplace();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      const unsigned char* text = sqlite3_column_text(statement.get(), i);
      row->emplace_back(text == nullptr ? "" : reinterpret_cast<const char*>(text));
    }
  }
  guard_.attach_to(connection);
  return row;
}

std::vector<ProgramStep> SqliteSession::program() {
  SQLite::Statement explain(*database_, "EXPLAIN " + sql_);
  std::vector<ProgramStep> steps;
  while (explain.executeStep()) {
    steps.push_back({explain.getColumn(1).getString(), explain.getColumn(2).getInt64(),
                     explain.getColumn(3).getInt64(), explain.getColumn(4).getInt64(),
                     explain.getColumn(5).getString()});
  }
  return steps;
}

Error SqliteSession::cause_of(const Error& error, const std::string& sql) const {
  if (error.message().find(kBrokenTable) == std::string::npos) return error;
  for (const std::string& word : words_in(sql)) {
    if (auto found = broken_.find(ascii_lower(word)); found != broken_.end()) return found->second;
  }
  return error;
}

std::vector<ColumnInfo> SqliteSession::columns() const {
  std::vector<ColumnInfo> columns;
  const int count = sqlite3_column_count(statement_.get());
  for (int i = 0; i < count; ++i) {
    const char* type = sqlite3_column_decltype(statement_.get(), i);
    columns.push_back({sqlite3_column_name(statement_.get(), i), type == nullptr ? "" : type});
  }
  return columns;
}

bool SqliteSession::can_be_read(const std::string& name) {
  // Table-valued functions and the names of common table expressions were "read", too.
  if (name == "json_each" || name == "json_tree") return false;
  return can_be_prepared("SELECT 1 FROM " + quote_table(name));
}

bool SqliteSession::can_be_prepared(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database_->getHandle(), sql.c_str(), -1, &raw, nullptr);
  StatementPtr statement(raw);
  return code == SQLITE_OK;
}

std::set<std::string> SqliteSession::direct_reads() {
  // A read inside a common table expression is the statement's own, and one inside a view is not;
  // SQLite tells the name of either. It also tells of reads that it has moved out of a view.
  std::set<std::string> words;
  for (const std::string& word : words_in(sql_)) words.insert(ascii_lower(word));
  const std::set<ReadOnlyGuard::Read> reads = guard_.reads();
  std::set<std::string> tables;
  for (const ReadOnlyGuard::Read& read : reads) {
    const size_t dot = read.table.find('.');
    const std::string bare = dot == std::string::npos ? read.table : read.table.substr(dot + 1);
    if (!words.contains(ascii_lower(bare))) continue;
    const bool own = read.inside.empty() ||
                     (words.contains(ascii_lower(read.inside)) && !can_be_read(read.inside));
    if (own && can_be_read(read.table)) tables.insert(read.table);
  }
  return tables;
}

std::vector<std::string> SqliteSession::take_tables() {
  std::set<std::string> tables = direct_reads();
  const std::vector<std::string> words = words_in(sql_);
  statement_.reset();
  // Where no column of a view is read (`SELECT count(*) FROM view`), SQLite does not tell of it.
  for (const NamedQuery& view : views_) {
    const bool named = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return ascii_lower(word) == ascii_lower(view.name);
    });
    if (!named || tables.contains(view.name)) continue;
    put_view({view.name, kBrokenView});
    if (!can_be_prepared(sql_)) tables.insert(view.name);
    put_view(view);
  }
  return {tables.begin(), tables.end()};
}

/// Whether each row of one table gives one row of the result, as far as the words can tell.
bool SqliteSession::is_plain_scan() {
  constexpr std::array<std::string_view, 19> kOther = {
      "where", "limit",  "group",     "having", "distinct",    "union", "join",
      "over",  "except", "intersect", "count",  "sum",         "min",   "max",
      "avg",   "total",  "with",      "values", "group_concat"};
  for (const std::string& word : words_in(sql_)) {
    const std::string lower = ascii_lower(word);
    if (lower.starts_with("json_group") || is_sql_aggregate(lower)) return false;
    for (std::string_view other : kOther) {
      if (lower == other) return false;
    }
  }
  SQLite::Statement plan(*database_, "EXPLAIN QUERY PLAN " + sql_);
  int scans = 0;
  while (plan.executeStep()) {
    if (plan.getColumn(3).getString().starts_with("SCAN ")) ++scans;
  }
  return scans == 1;
}

std::optional<uint64_t> SqliteSession::expected_rows() {
  const std::set<std::string> read = direct_reads();
  try {
    if (read.size() != 1 || !is_plain_scan()) return std::nullopt;
    const std::string table = quote_table(*read.begin());
    const SQLite::Column span =
        database_->execAndGet("SELECT (SELECT max(rowid) FROM " + table +
                              ") - (SELECT min(rowid) FROM " + table + ") + 1");
    if (span.isNull() || span.getInt64() <= 0) return std::nullopt;
    return static_cast<uint64_t>(span.getInt64());
  } catch (const SQLite::Exception&) {
    return std::nullopt;  // A view, or a table without rowid: then nothing is known.
  }
}

uint64_t SqliteSession::scanned_rows() const {
  return static_cast<uint64_t>(
      std::max(0, sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_FULLSCAN_STEP, 0)));
}

bool SqliteSession::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  if ((code & 0xff) == SQLITE_INTERRUPT) throw ended_early();
  throw step_failed(code);
}

Error SqliteSession::step_failed(int code) const {
  const Error error = sqlite_error(database_->getHandle(), code, "The query failed", {});
  if (!secrets_.is_used()) return error;
  // Some of SQLite's messages show a value: "bad JSON path: '...'".
  return {error.code(), std::string("The query failed: ") + sqlite3_errstr(code) + ".",
          "What SQLite says of it is withheld, since the SQL uses secrets: try it without."};
}

}  // namespace sluice

#include "engine/sqlite_session.h"

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

std::string read_only_uri(const std::string& path) {
  return "file:" + percent_encode_path(std::filesystem::absolute(path).string()) + "?mode=ro";
}

/// `file.table` or `table`, as the guard names it, in SQL.
std::string quote_table(const std::string& name) {
  const size_t dot = name.find('.');
  if (dot == std::string::npos) return quote_identifier(name);
  return quote_identifier(name.substr(0, dot)) + "." + quote_identifier(name.substr(dot + 1));
}

int open_flags() { return SQLite::OPEN_READONLY | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX; }

std::string main_uri(const std::string& warehouse_path) {
  std::error_code failed;
  if (!warehouse_path.empty() && std::filesystem::exists(warehouse_path, failed)) {
    return read_only_uri(warehouse_path);
  }
  return "file::memory:";
}

}  // namespace

SqliteSession::SqliteSession(const SqliteEngineOptions& options, Clock& clock) : clock_(clock) {
  try {
    database_ = std::make_unique<SQLite::Database>(main_uri(options.warehouse_path), open_flags(),
                                                   static_cast<int>(limits::kBusyTimeout.count()));
  } catch (const SQLite::Exception& failure) {
    throw Error(ErrorCode::kStorage,
                std::string("The warehouse can't be opened: ") + failure.what() + ".",
                "Check warehouse.db in the data folder.");
  }
  sqlite3* connection = database_->getHandle();
  attach(options);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, limits::kValueBytes);
  sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, static_cast<int>(limits::kSqlBytes) + 64);
  sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
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
      throw Error(busy ? ErrorCode::kBusy : ErrorCode::kStorage,
                  "The attached database '" + file.name + "' (" + file.path +
                      ") can't be read: " + failure.what() + ".",
                  busy ? "Another program holds a lock on it; run again."
                       : "Check that the file is there, readable and a SQLite database.");
    }
  }
  database_->exec(kMapFile);
}

void SqliteSession::limit(std::chrono::nanoseconds run_time, std::stop_token stop) {
  run_time_ = run_time;
  deadline_ = clock_.ticks() + run_time;
  stop_ = std::move(stop);
  sqlite3_progress_handler(database_->getHandle(), kStepsPerLook, &SqliteSession::on_progress,
                           this);
}

int SqliteSession::on_progress(void* self) {
  auto* session = static_cast<SqliteSession*>(self);
  return session->stop_.stop_requested() || session->clock_.ticks() >= *session->deadline_ ? 1 : 0;
}

SqliteSession::StatementPtr SqliteSession::prepare_one(const std::string& sql,
                                                       const std::string& doing) {
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
  const bool reads = statement && sqlite3_column_count(statement.get()) > 0 &&
                     sqlite3_stmt_isexplain(statement.get()) == 0;
  if (!reads) {
    throw Error(ErrorCode::kInvalid, doing + ": the SQL has no result.", "Write one SELECT.");
  }
  if (sqlite3_bind_parameter_count(statement.get()) > 0) {
    throw Error(ErrorCode::kInvalid,
                doing + ": the SQL has a parameter placeholder (?, :name, @name).",
                "Write the value itself.");
  }
  return statement;
}

void SqliteSession::create_view(const NamedQuery& view) {
  // The view's SQL stands alone first, so that it is one reading statement before it is put behind
  // CREATE VIEW; the connection's own DDL then passes no guard.
  prepare_one(view.sql, "The SQL of '" + view.name + "' is invalid");
  sqlite3_set_authorizer(database_->getHandle(), nullptr, nullptr);
  const std::string ddl =
      "CREATE TEMP VIEW " + quote_identifier(view.name) + " AS " + strip_statement_end(view.sql);
  const int code = sqlite3_exec(database_->getHandle(), ddl.c_str(), nullptr, nullptr, nullptr);
  guard_.attach_to(database_->getHandle());
  if (code != SQLITE_OK) {
    throw sqlite_error(database_->getHandle(), code, "The SQL of '" + view.name + "' is invalid",
                       {});
  }
}

void SqliteSession::prepare(const Query& query) {
  for (const NamedQuery& view : query.views) create_view(view);
  guard_.forget();
  sql_ = query.sql;
  if (sql_.size() > limits::kSqlBytes) {
    throw Error(ErrorCode::kTooLarge, "The SQL has " + std::to_string(sql_.size()) +
                                          " bytes; at most " + std::to_string(limits::kSqlBytes) +
                                          " are allowed.");
  }
  if (sql_.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalid, "The SQL holds a NUL character.", "Remove it.");
  }
  statement_ = prepare_one(sql_, "The SQL is invalid");
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
  const std::string sql = "SELECT 1 FROM " + quote_table(name);
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database_->getHandle(), sql.c_str(), -1, &raw, nullptr);
  StatementPtr statement(raw);
  return code == SQLITE_OK;
}

std::vector<std::string> SqliteSession::tables() {
  const std::set<std::string> read = guard_.tables();
  std::vector<std::string> tables;
  for (const std::string& name : read) {
    if (can_be_read(name)) tables.push_back(name);
  }
  return tables;
}

/// Whether each row of one table gives one row of the result, as far as the words can tell.
bool SqliteSession::is_plain_scan() {
  constexpr std::array<std::string_view, 19> kOther = {
      "where", "limit",  "group",     "having", "distinct",    "union", "join",
      "over",  "except", "intersect", "count",  "sum",         "min",   "max",
      "avg",   "total",  "with",      "values", "group_concat"};
  for (const std::string& word : words_in(sql_)) {
    const std::string lower = ascii_lower(word);
    if (lower.starts_with("json_group")) return false;
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
  const std::vector<std::string> read = tables();
  try {
    if (read.size() != 1 || !is_plain_scan()) return std::nullopt;
    const SQLite::Column most =
        database_->execAndGet("SELECT max(rowid) FROM " + quote_table(read.front()));
    if (most.isNull() || most.getInt64() <= 0) return std::nullopt;
    return static_cast<uint64_t>(most.getInt64());
  } catch (const SQLite::Exception&) {
    return std::nullopt;  // A view, or a table without rowid: then nothing is known.
  }
}

bool SqliteSession::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  if ((code & 0xff) == SQLITE_INTERRUPT) {
    if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "The query was stopped.");
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(run_time_).count();
    throw Error(ErrorCode::kTimeout,
                "The query ran longer than the limit of " + std::to_string(seconds) + " s.",
                "Make it faster, or raise --job-timeout.");
  }
  throw sqlite_error(database_->getHandle(), code, "The query failed", {});
}

}  // namespace sluice

#include "engine/log_tables.h"

#include <memory>
#include <utility>

#include "base/error.h"
#include "base/limits.h"
#include "domain/sql_text.h"

namespace sluice {
namespace {

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using ConnectionPtr = std::unique_ptr<sqlite3, Close>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, Close>;

/// What a module knows of its table.
struct Source {
  std::string path;
  LogTable table;
};

struct Table : sqlite3_vtab {
  explicit Table(const Source& of) : sqlite3_vtab(), source(of) {}
  const Source& source;
  ConnectionPtr connection;
};

struct Cursor : sqlite3_vtab_cursor {
  Cursor() : sqlite3_vtab_cursor() {}
  StatementPtr rows;
  bool ended = true;
  sqlite3_int64 row = 0;
};

Table& table_of(sqlite3_vtab_cursor* cursor) { return *static_cast<Table*>(cursor->pVtab); }

/// Says on the table what went wrong on its connection.
int failed(Table& table, int code) {
  sqlite3_free(table.zErrMsg);
  table.zErrMsg = sqlite3_mprintf(
      "%s can't be read: %s", table.source.table.name.c_str(),
      table.connection ? sqlite3_errmsg(table.connection.get()) : sqlite3_errstr(code));
  return code;
}

/// The state database is written to by one connection alone; this one reads and never checkpoints.
int open(Table& table) {
  if (table.connection) return SQLITE_OK;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(table.source.path.c_str(), &raw,
                                   SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  ConnectionPtr connection(raw);
  if (code != SQLITE_OK) return failed(table, code);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_timeout(raw, static_cast<int>(limits::kBusyTimeout.count()));
  table.connection = std::move(connection);
  return SQLITE_OK;
}

/// Columns that nobody looks at are not worked out.
std::string select_of(const LogTable& table, unsigned used) {
  std::string list;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) list += ", ";
    list += (used >> i & 1U) != 0 ? quote_identifier(table.columns[i]) : "NULL";
  }
  return "SELECT " + list + " FROM main." + quote_identifier(table.name);
}

int step(sqlite3_vtab_cursor* base) {
  auto& cursor = *static_cast<Cursor*>(base);
  const int code = sqlite3_step(cursor.rows.get());
  cursor.ended = code != SQLITE_ROW;
  ++cursor.row;
  if (code == SQLITE_ROW || code == SQLITE_DONE) return SQLITE_OK;
  return failed(table_of(base), code);
}

// What SQLite calls (sqlite.org/vtab.html).

int on_connect(sqlite3* connection, void* source, int, const char* const*, sqlite3_vtab** made,
               char**) {
  auto table = std::make_unique<Table>(*static_cast<const Source*>(source));
  std::string columns;
  for (const std::string& column : table->source.table.columns) {
    columns += (columns.empty() ? "" : ", ") + quote_identifier(column);
  }
  const int code = sqlite3_declare_vtab(connection, ("CREATE TABLE t (" + columns + ")").c_str());
  if (code == SQLITE_OK) *made = table.release();
  return code;
}

int on_disconnect(sqlite3_vtab* table) {
  const std::unique_ptr<Table> ended(static_cast<Table*>(table));
  return SQLITE_OK;
}

int on_best_index(sqlite3_vtab*, sqlite3_index_info* plan) {
  plan->idxNum = static_cast<int>(plan->colUsed & 0x7fffffff);
  plan->estimatedCost = 1e6;
  plan->estimatedRows = 100'000;
  return SQLITE_OK;
}

int on_open(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
  *made = std::make_unique<Cursor>().release();
  return SQLITE_OK;
}

int on_close(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<Cursor> ended(static_cast<Cursor*>(cursor));
  return SQLITE_OK;
}

int on_filter(sqlite3_vtab_cursor* base, int used, const char*, int, sqlite3_value**) {
  Table& table = table_of(base);
  if (const int code = open(table); code != SQLITE_OK) return code;
  const std::string sql = select_of(table.source.table, static_cast<unsigned>(used));
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(table.connection.get(), sql.c_str(), -1, &raw, nullptr);
  auto& cursor = *static_cast<Cursor*>(base);
  cursor.rows.reset(raw);
  cursor.row = 0;
  return code == SQLITE_OK ? step(base) : failed(table, code);
}

int on_eof(sqlite3_vtab_cursor* cursor) { return static_cast<Cursor*>(cursor)->ended ? 1 : 0; }

int on_column(sqlite3_vtab_cursor* cursor, sqlite3_context* answer, int column) {
  sqlite3_result_value(answer,
                       sqlite3_column_value(static_cast<Cursor*>(cursor)->rows.get(), column));
  return SQLITE_OK;
}

int on_rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* rowid) {
  *rowid = static_cast<Cursor*>(cursor)->row;
  return SQLITE_OK;
}

/// Without xCreate: the table is there as soon as its module is, and can't be made or dropped.
const sqlite3_module& module() {
  static const sqlite3_module calls = [] {
    sqlite3_module all{};
    all.xConnect = on_connect;
    all.xBestIndex = on_best_index;
    all.xDisconnect = on_disconnect;
    all.xOpen = on_open;
    all.xClose = on_close;
    all.xFilter = on_filter;
    all.xNext = step;
    all.xEof = on_eof;
    all.xColumn = on_column;
    all.xRowid = on_rowid;
    return all;
  }();
  return calls;
}

void forget(void* source) { const std::unique_ptr<Source> ended(static_cast<Source*>(source)); }

}  // namespace

void add_log_tables(sqlite3* connection, const std::string& path,
                    const std::vector<LogTable>& tables) {
  for (const LogTable& table : tables) {
    auto source = std::make_unique<Source>(Source{path, table});
    // The connection owns it, also where this fails.
    int code = sqlite3_create_module_v2(connection, table.name.c_str(), &module(), source.release(),
                                        forget);
    // A first use declares the table, which a guard would take for a change of the schema.
    const std::string use = "SELECT 1 FROM " + quote_identifier(table.name);
    sqlite3_stmt* raw = nullptr;
    if (code == SQLITE_OK) code = sqlite3_prepare_v2(connection, use.c_str(), -1, &raw, nullptr);
    const StatementPtr used(raw);
    if (code == SQLITE_OK) continue;
    throw Error(ErrorCode::kInternal, "The log '" + table.name + "' can't be offered as a table: " +
                                          sqlite3_errmsg(connection) + ".");
  }
}

}  // namespace sluice

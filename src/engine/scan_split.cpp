#include "engine/scan_split.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/sql_text.h"
#include "engine/scan_program.h"
#include "engine/snapshot_pages.h"
#include "engine/sqlite_reader.h"
#include "engine/sqlite_session.h"
#include "engine/table_reader.h"

namespace sluice {
namespace {

/// Fewer rows are read as fast by one thread.
constexpr uint64_t kFewestRows = 16384;
constexpr uint64_t kMostParts = 4096;
constexpr int kSnapshotAttempts = 5;

struct ScannedTable {
  std::string schema;
  std::string name;
  std::string full() const { return schema == "main" ? name : schema + "." + name; }
  std::string quoted() const { return quote_identifier(schema) + "." + quote_identifier(name); }
};

struct RowidSpan {
  int64_t low = 0;
  uint64_t count = 0;
};

std::optional<ScannedTable> table_of(SqliteSession& session, const TreeRoot& root) {
  const auto schema = session.ask("SELECT name FROM pragma_database_list WHERE seq = " +
                                  std::to_string(root.database));
  if (!schema) return std::nullopt;
  const auto table = session.ask(
      "SELECT name FROM " + quote_identifier(schema->front()) +
      ".sqlite_schema WHERE type = 'table' AND rootpage = " + std::to_string(root.page));
  if (!table) return std::nullopt;
  return ScannedTable{schema->front(), table->front()};
}

std::optional<int64_t> number_of(const std::string& text) {
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<RowidSpan> span_of(SqliteSession& session, const ScannedTable& table) {
  const auto row = session.ask("SELECT (SELECT min(rowid) FROM " + table.quoted() +
                               "), (SELECT max(rowid) FROM " + table.quoted() + ")");
  if (!row) return std::nullopt;
  // A column of the user's may be called rowid and hold anything.
  const std::optional<int64_t> low = number_of(row->at(0));
  const std::optional<int64_t> high = number_of(row->at(1));
  if (!low || !high || *high < *low) return std::nullopt;
  const uint64_t count = static_cast<uint64_t>(*high) - static_cast<uint64_t>(*low);
  if (count == UINT64_MAX) return std::nullopt;
  return RowidSpan{*low, count + 1};
}

/// A range stands in the table's place as a subquery, which has the table's columns and no rowid:
/// there SQLite takes the name for NULL.
bool names_rowid(const std::string& sql) {
  const std::vector<std::string> words = words_in(sql);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    const std::string lower = ascii_lower(word);
    return lower == "rowid" || lower == "_rowid_" || lower == "oid";
  });
}

/// A query with a place for a range: in its statement or in one of its views.
class RangedQuery {
 public:
  /// Nothing unless there is exactly one place.
  static std::optional<RangedQuery> make(const Query& query, const ScannedTable& table) {
    RangedQuery out(query, table);
    size_t places = count_from(query.sql, table.full());
    if (places > 0 && names_rowid(query.sql)) return std::nullopt;
    for (size_t i = 0; i < query.views.size(); ++i) {
      const size_t here = count_from(query.views[i].sql, table.full());
      if (here > 0 && names_rowid(query.views[i].sql)) return std::nullopt;
      if (here > 0) out.view_ = i;
      places += here;
    }
    if (places != 1) return std::nullopt;
    return out;
  }

  /// Prepares the statement for the rowids from `low` to `high` on a session that has the views.
  void prepare(SqliteSession& session, int64_t low, int64_t high) const {
    const std::string range = "SELECT * FROM " + table_.quoted() + " WHERE rowid BETWEEN " +
                              number(low) + " AND " + number(high);
    if (!view_) {
      return session.prepare_again(nullptr, replace_from(query_.sql, table_.full(), range));
    }
    NamedQuery view = query_.views[*view_];
    view.sql = replace_from(strip_statement_end(view.sql), table_.full(), range);
    session.prepare_again(&view, query_.sql);
  }

 private:
  RangedQuery(const Query& query, ScannedTable table) : query_(query), table_(std::move(table)) {}

  /// The smallest integer can't be written as a literal with a sign before it.
  static std::string number(int64_t value) {
    return value == INT64_MIN ? "(-9223372036854775807-1)" : std::to_string(value);
  }

  Query query_;
  ScannedTable table_;
  std::optional<size_t> view_;
};

/// A lane: a connection that holds the snapshot, and the pages of it where they can be read.
struct Lane {
  std::unique_ptr<SqliteSession> session;
  std::optional<SnapshotPages> pages;
};

class RowidScan final : public SplitScan {
 public:
  /// `stored`: what to read from the pages of lanes that have them.
  RowidScan(RangedQuery query, RowidSpan span, uint64_t parts, std::vector<Lane> lanes,
            std::vector<ColumnInfo> columns, std::optional<TableRange> stored)
      : query_(std::move(query)),
        span_(span),
        parts_(parts),
        lanes_(std::move(lanes)),
        columns_(std::move(columns)),
        stored_(std::move(stored)) {}

  const std::vector<ColumnInfo>& columns() const override { return columns_; }
  size_t parts() const override { return parts_; }

  std::unique_ptr<RowReader> read(size_t lane, size_t part) override {
    const int64_t low = start_of(part);
    const int64_t high = part + 1 == parts_ ? last() : start_of(part + 1) - 1;
    const Lane& own = lanes_.at(lane);
    const auto by_sql = [this, &own, high](int64_t from) {
      query_.prepare(*own.session, from, high);
      return make_sqlite_reader(*own.session, columns_, rows_from(from));
    };
    if (!stored_ || !own.pages) return by_sql(low);
    TableRange range = *stored_;
    range.low = low;
    range.high = high;
    return make_table_reader(*own.session, *own.pages, std::move(range), columns_, rows_from(low),
                             by_sql);
  }

 private:
  static std::string rows_from(int64_t low) {
    return " of those from rowid " + std::to_string(low) + " on";
  }
  int64_t offset(uint64_t count) const {
    return static_cast<int64_t>(static_cast<uint64_t>(span_.low) + count);
  }
  int64_t last() const { return offset(span_.count - 1); }
  int64_t start_of(size_t part) const {
    const uint64_t whole = span_.count / parts_;
    const uint64_t rest = span_.count % parts_;
    return offset(whole * part + std::min<uint64_t>(part, rest));
  }

  RangedQuery query_;
  RowidSpan span_;
  uint64_t parts_;
  std::vector<Lane> lanes_;
  std::vector<ColumnInfo> columns_;
  std::optional<TableRange> stored_;
};

/// All at one version: nobody committed between the first snapshot and the last.
bool begin_snapshots(SqliteSession& watcher, const std::string& schema, std::vector<Lane>& lanes) {
  for (int attempt = 0; attempt < kSnapshotAttempts; ++attempt) {
    const int64_t version = watcher.data_version(schema);
    const auto log = SnapshotPages::wal_state(watcher.connection(), schema);
    for (const Lane& lane : lanes) lane.session->begin_snapshot(schema);
    if (watcher.data_version(schema) == version) {
      if (!log || SnapshotPages::wal_state(watcher.connection(), schema) != log) return true;
      for (Lane& lane : lanes) {
        lane.pages = SnapshotPages::open(lane.session->connection(), schema, *log);
      }
      return true;
    }
    for (const Lane& lane : lanes) lane.session->end_snapshot();
  }
  return false;
}

/// What to read from the table's pages; nothing where the statement does more than that.
std::optional<TableRange> stored_range(SqliteSession& session, const Query& query,
                                       const ScannedTable& table, const TreeRoot& root) {
  session.prepare_again(nullptr, query.sql);
  const std::vector<ProgramStep> program = session.program();
  std::optional<StoredColumns> columns = stored_columns(program);
  if (!columns || scanned_tree(program) != root) return std::nullopt;
  const auto defaults =
      session.ask("SELECT count(*) FROM pragma_table_xinfo(" + quote_text(table.name) + ", " +
                  quote_text(table.schema) + ") WHERE dflt_value IS NOT NULL");
  if (!defaults) return std::nullopt;
  TableRange range;
  range.root = root.page;
  range.columns = std::move(*columns);
  range.has_defaults = defaults->front() != "0";
  return range;
}

bool same_columns(const std::vector<ColumnInfo>& some, const std::vector<ColumnInfo>& others) {
  return std::ranges::equal(some, others, [](const ColumnInfo& a, const ColumnInfo& b) {
    return a.name == b.name && a.declared_type == b.declared_type;
  });
}

}  // namespace

std::unique_ptr<SplitScan> split_scan(const SqliteEngineOptions& options, Clock& clock,
                                      const Query& query, std::chrono::seconds run_time,
                                      const std::stop_token& stop, const SplitWish& wish) {
  if (wish.lanes < 2) return nullptr;
  const Timestamp moment = query.moment.value_or(clock.now());  // One for all lanes.
  const auto open = [&] {
    auto session = std::make_unique<SqliteSession>(options, clock, moment);
    session->limit(run_time, stop);
    session->prepare(query);
    return session;
  };
  std::unique_ptr<SqliteSession> watcher = open();
  const std::optional<TreeRoot> root = scanned_tree(watcher->program());
  if (!root) return nullptr;
  const std::optional<ScannedTable> table = table_of(*watcher, *root);
  if (!table) return nullptr;
  std::optional<RangedQuery> ranged = RangedQuery::make(query, *table);
  if (!ranged) return nullptr;
  std::vector<ColumnInfo> columns = watcher->columns();
  watcher->finalize();

  std::vector<Lane> lanes(wish.lanes);
  for (Lane& lane : lanes) {
    lane.session = open();
    lane.session->finalize();
  }
  if (!begin_snapshots(*watcher, table->schema, lanes)) return nullptr;
  SqliteSession& first = *lanes.front().session;
  const std::optional<RowidSpan> span = span_of(first, *table);
  if (!span || span->count < kFewestRows) return nullptr;
  std::optional<TableRange> stored = stored_range(first, query, *table, *root);
  try {
    ranged->prepare(first, span->low, span->low);
  } catch (const Error&) {
    return nullptr;  // The table's name is used in a way that a subquery does not allow.
  }
  const std::vector<ProgramStep> program = first.program();
  if (scanned_tree(program) != root || !program_seeks(program) ||
      !same_columns(first.columns(), columns)) {
    return nullptr;
  }
  const uint64_t parts =
      std::clamp<uint64_t>(span->count / std::max<uint64_t>(wish.rows_per_part, 1), 1, kMostParts);
  return std::make_unique<RowidScan>(std::move(*ranged), *span, parts, std::move(lanes),
                                     std::move(columns), std::move(stored));
}

}  // namespace sluice

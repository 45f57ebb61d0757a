#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/engine_world.h"
#include "engine/scan_program.h"
#include "engine/snapshot_pages.h"
#include "engine/sqlite_reader.h"
#include "engine/sqlite_session.h"
#include "engine/table_reader.h"

namespace sluice {

/// A file whose tables are read twice: by SQLite and from their pages.
struct TableWorld : EngineWorld {
  using EngineWorld::EngineWorld;

  /// A connection with a snapshot of the file and the pages of it.
  struct Snapshot {
    std::unique_ptr<SqliteSession> session;
    std::optional<SnapshotPages> pages;
  };
  Snapshot snapshot(Clock& its_clock) {
    Snapshot out;
    out.session = std::make_unique<SqliteSession>(options, its_clock);
    out.session->limit(kLongRun, {});
    const auto before = SnapshotPages::wal_state(out.session->connection(), "shop");
    out.session->begin_snapshot("shop");
    const auto after = SnapshotPages::wal_state(out.session->connection(), "shop");
    EXPECT_EQ(before, after);
    if (after) out.pages = SnapshotPages::open(out.session->connection(), "shop", *after);
    return out;
  }

  /// What a reader gives, and how often it left the rest to SQL.
  struct Taken {
    std::vector<std::string> rows;
    int given_up = 0;
    bool operator==(const Taken&) const = default;
  };
  /// `sql`: a plain SELECT of columns of one table of the file.
  Taken from_pages(const Snapshot& from, const std::string& sql, int64_t low = INT64_MIN,
                   int64_t high = INT64_MAX, bool has_defaults = false) {
    SqliteSession& session = *from.session;
    session.prepare({{}, sql});
    const std::vector<ProgramStep> program = session.program();
    const std::vector<ColumnInfo> columns = session.columns();
    const auto tree = scanned_tree(program);
    const auto stored = stored_columns(program);
    if (!tree || !stored || !from.pages) throw std::runtime_error("not a plain scan: " + sql);
    TableRange range{tree->page, *stored, has_defaults, low, high};
    Taken taken;
    const auto by_sql = [&](int64_t rowid) {
      ++taken.given_up;
      session.prepare_again(nullptr, sql + " WHERE rowid BETWEEN " + std::to_string(rowid) +
                                         " AND " + std::to_string(high));
      return make_sqlite_reader(session, columns, " of the rest");
    };
    const auto reader =
        make_table_reader(session, *from.pages, std::move(range), columns, " of the part", by_sql);
    taken.rows = rest_of(*reader);
    return taken;
  }
  Taken from_pages(const std::string& sql) { return from_pages(snapshot(clock), sql); }
};

}  // namespace sluice

#include "state/workspace_store.h"

#include "state/row.h"

namespace sluice {

std::optional<WorkspaceStore::Row> WorkspaceStore::read(SQLite::Database& database) {
  SQLite::Statement row(database, "SELECT external_id, created_at FROM workspace WHERE id = 1");
  if (!row.executeStep()) return std::nullopt;
  return Row{row.getColumn(0).getString(), time_of(row.getColumn(1))};
}

WorkspaceStore::Row WorkspaceStore::row() {
  if (const auto there = database_.read(read)) return *there;
  return database_.write([&](SQLite::Database& database) {
    if (const auto made = read(database)) return *made;  // By another thread.
    const Row fresh{random_.uuid(), clock_.now()};
    SQLite::Statement insert(
        database, "INSERT INTO workspace (id, external_id, created_at) VALUES (1, ?, ?)");
    insert.bind(1, fresh.external_id);
    insert.bind(2, format_timestamp(fresh.created_at));
    insert.exec();
    return fresh;
  });
}

}  // namespace sluice

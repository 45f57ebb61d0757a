#include "state/workspace_store.h"

#include <optional>

namespace sluice {
namespace {

std::optional<std::string> read_external_id(SQLite::Database& database) {
  SQLite::Statement row(database, "SELECT external_id FROM workspace WHERE id = 1");
  if (!row.executeStep()) return std::nullopt;
  return row.getColumn(0).getString();
}

}  // namespace

std::string WorkspaceStore::external_id() {
  const auto there = database_.read(read_external_id);
  if (there) return *there;
  return database_.write([&](SQLite::Database& database) {
    if (const auto made = read_external_id(database)) return *made;  // By another thread.
    const std::string fresh = random_.uuid();
    SQLite::Statement insert(
        database, "INSERT INTO workspace (id, external_id, created_at) VALUES (1, ?, ?)");
    insert.bind(1, fresh);
    insert.bind(2, format_timestamp(clock_.now()));
    insert.exec();
    return fresh;
  });
}

}  // namespace sluice

#include "warehouse/definition_rows.h"

#include "base/error.h"

namespace sluice {
namespace {

Timestamp time_of(const std::string& text) {
  const std::optional<Timestamp> time = parse_timestamp(text);
  if (!time) throw Error(ErrorCode::kCorrupt, "The warehouse holds the time '" + text + "'.");
  return *time;
}

std::vector<DataColumn> columns_of(const std::string& name, const std::string& schema) {
  try {
    return parse_schema(schema);
  } catch (const Error& error) {
    throw Error(ErrorCode::kCorrupt,
                "The schema of the data source '" + name + "' can't be read: " + error.message(),
                "Restore warehouse.db from a backup.");
  }
}

uint64_t count_of(const SQLite::Column& column) { return static_cast<uint64_t>(column.getInt64()); }

}  // namespace

void create_definitions(SQLite::Database& database) {
  database.exec(
      "CREATE TABLE IF NOT EXISTS main.sluice_datasources ("
      "id TEXT PRIMARY KEY, "
      "name TEXT NOT NULL UNIQUE COLLATE NOCASE, "
      "description TEXT NOT NULL, "
      "schema TEXT NOT NULL, "
      "created_at TEXT NOT NULL, "
      "updated_at TEXT NOT NULL, "
      "row_count INTEGER NOT NULL DEFAULT 0 CHECK (row_count >= 0), "
      "bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0), "
      "quarantine_count INTEGER NOT NULL DEFAULT 0 CHECK (quarantine_count >= 0))");
}

std::vector<Definition> read_definitions(SQLite::Database& database) {
  SQLite::Statement rows(database,
                         "SELECT id, name, description, schema, created_at, updated_at, row_count, "
                         "bytes, quarantine_count FROM main.sluice_datasources ORDER BY name");
  std::vector<Definition> all;
  while (rows.executeStep()) {
    Definition one;
    one.source.id = rows.getColumn(0).getString();
    one.source.name = rows.getColumn(1).getString();
    one.source.description = rows.getColumn(2).getString();
    one.source.columns = columns_of(one.source.name, rows.getColumn(3).getString());
    one.source.created_at = time_of(rows.getColumn(4).getString());
    one.source.updated_at = time_of(rows.getColumn(5).getString());
    one.counts = {count_of(rows.getColumn(6)), count_of(rows.getColumn(7)),
                  count_of(rows.getColumn(8))};
    all.push_back(std::move(one));
  }
  return all;
}

std::optional<SourceCounts> read_counts(SQLite::Database& database, const std::string& id) {
  SQLite::Statement row(
      database,
      "SELECT row_count, bytes, quarantine_count FROM main.sluice_datasources WHERE id = ?");
  row.bind(1, id);
  if (!row.executeStep()) return std::nullopt;
  return SourceCounts{count_of(row.getColumn(0)), count_of(row.getColumn(1)),
                      count_of(row.getColumn(2))};
}

void insert_definition(SQLite::Database& database, const DataSource& source) {
  SQLite::Statement insert(
      database,
      "INSERT INTO main.sluice_datasources (id, name, description, schema, created_at, updated_at) "
      "VALUES (?, ?, ?, ?, ?, ?)");
  insert.bind(1, source.id);
  insert.bind(2, source.name);
  insert.bind(3, source.description);
  insert.bind(4, schema_text(source.columns));
  insert.bind(5, format_timestamp(source.created_at));
  insert.bind(6, format_timestamp(source.updated_at));
  insert.exec();
}

void update_definition(SQLite::Database& database, const DataSource& source) {
  SQLite::Statement update(database,
                           "UPDATE main.sluice_datasources SET description = ?, schema = ?, "
                           "updated_at = ? WHERE id = ?");
  update.bind(1, source.description);
  update.bind(2, schema_text(source.columns));
  update.bind(3, format_timestamp(source.updated_at));
  update.bind(4, source.id);
  update.exec();
}

void delete_definition(SQLite::Database& database, const std::string& id) {
  SQLite::Statement remove(database, "DELETE FROM main.sluice_datasources WHERE id = ?");
  remove.bind(1, id);
  remove.exec();
}

void add_counts(SQLite::Database& database, const std::string& id, const SourceCounts& more) {
  SQLite::Statement update(
      database,
      "UPDATE main.sluice_datasources SET row_count = row_count + ?, bytes = bytes + ?, "
      "quarantine_count = quarantine_count + ? WHERE id = ?");
  update.bind(1, static_cast<int64_t>(more.rows));
  update.bind(2, static_cast<int64_t>(more.bytes));
  update.bind(3, static_cast<int64_t>(more.quarantined));
  update.bind(4, id);
  update.exec();
}

void take_counts(SQLite::Database& database, const std::string& id,
                 const std::optional<SourceCounts>& less) {
  SQLite::Statement update(database,
                           less ? "UPDATE main.sluice_datasources SET row_count = row_count - ?2, "
                                  "bytes = bytes - ?3 WHERE id = ?1"
                                : "UPDATE main.sluice_datasources SET row_count = 0, bytes = 0 "
                                  "WHERE id = ?1");
  update.bind(1, id);
  if (less) {
    update.bind(2, static_cast<int64_t>(less->rows));
    update.bind(3, static_cast<int64_t>(less->bytes));
  }
  update.exec();
}

}  // namespace sluice

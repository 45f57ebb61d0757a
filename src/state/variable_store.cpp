#include "state/variable_store.h"

#include "base/error.h"
#include "base/hash.h"
#include "state/row.h"

namespace sluice {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr const char* kColumns = "SELECT name, created_at, updated_at, edited_by FROM variables ";

/// The name is authenticated with the box, so that a box can't be moved to another variable, nor to
/// or from another table.
std::string box_id(const std::string& name) { return "variable/" + name; }

Variable variable_of(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), time_of(row.getColumn(1)), time_of(row.getColumn(2)),
          row.getColumn(3).getString()};
}

void bind_blob(SQLite::Statement& statement, int index, const std::string& bytes) {
  statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

std::string VariableStore::sealed(const std::string& name, const Secret& value) {
  return seal(key_, random_.bytes(kNonceBytes), value.reveal(), box_id(name));
}

std::vector<Variable> VariableStore::all() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kColumns) + "ORDER BY name");
    std::vector<Variable> variables;
    while (rows.executeStep()) variables.push_back(variable_of(rows));
    return variables;
  });
}

std::optional<Variable> VariableStore::find(std::string_view name) {
  return database_.read([&](SQLite::Database& database) -> std::optional<Variable> {
    SQLite::Statement row(database, std::string(kColumns) + "WHERE name = ?");
    row.bind(1, std::string(name));
    if (!row.executeStep()) return std::nullopt;
    return variable_of(row);
  });
}

std::optional<Secret> VariableStore::value(std::string_view name) {
  const std::string key(name);
  return database_.read([&](SQLite::Database& database) -> std::optional<Secret> {
    SQLite::Statement row(database, "SELECT value FROM variables WHERE name = ?");
    row.bind(1, key);
    if (!row.executeStep()) return std::nullopt;
    return unseal(key_, row.getColumn(0).getString(), box_id(key));
  });
}

void VariableStore::insert(const Variable& variable, const Secret& value, size_t most) {
  const std::string box = sealed(variable.name, value);
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement taken(database, "SELECT 1 FROM variables WHERE name = ?");
    taken.bind(1, variable.name);
    if (taken.executeStep()) {
      throw Error(ErrorCode::kConflict,
                  "There is a variable named '" + variable.name + "' already.",
                  "Change it: PUT /v0/variables/" + variable.name + ".");
    }
    if (database.execAndGet("SELECT count(*) FROM variables").getInt64() >=
        static_cast<int64_t>(most)) {
      throw Error(ErrorCode::kForbidden,
                  "There are " + std::to_string(most) + " variables, as many as there can be.",
                  "Delete one: DELETE /v0/variables/{variable}.");
    }
    SQLite::Statement insert(database,
                             "INSERT INTO variables (name, value, created_at, updated_at, "
                             "edited_by) VALUES (?, ?, ?, ?, ?)");
    insert.bind(1, variable.name);
    bind_blob(insert, 2, box);
    insert.bind(3, format_timestamp(variable.created_at));
    insert.bind(4, format_timestamp(variable.updated_at));
    insert.bind(5, variable.edited_by);
    insert.exec();
  });
}

bool VariableStore::change(const Variable& variable, const Secret& value) {
  const std::string box = sealed(variable.name, value);
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement update(
        database, "UPDATE variables SET value = ?, updated_at = ?, edited_by = ? WHERE name = ?");
    bind_blob(update, 1, box);
    update.bind(2, format_timestamp(variable.updated_at));
    update.bind(3, variable.edited_by);
    update.bind(4, variable.name);
    return update.exec() > 0;
  });
}

bool VariableStore::remove(std::string_view name) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement remove(database, "DELETE FROM variables WHERE name = ?");
    remove.bind(1, std::string(name));
    return remove.exec() > 0;
  });
}

void reseal_variables(SQLite::Database& database, const Secret& old_key, const Secret& new_key,
                      Random& random) {
  SQLite::Statement rows(database, "SELECT name, value FROM variables");
  SQLite::Statement update(database, "UPDATE variables SET value = ? WHERE name = ?");
  while (rows.executeStep()) {
    const std::string name = rows.getColumn(0).getString();
    const Secret plain = unseal(old_key, rows.getColumn(1).getString(), box_id(name));
    const std::string box = seal(new_key, random.bytes(kNonceBytes), plain.reveal(), box_id(name));
    update.reset();
    bind_blob(update, 1, box);
    update.bind(2, name);
    update.exec();
  }
}

std::optional<SealedBox> any_sealed_variable(SQLite::Database& database) {
  SQLite::Statement row(database, "SELECT name, value FROM variables LIMIT 1");
  if (!row.executeStep()) return std::nullopt;
  return SealedBox{box_id(row.getColumn(0).getString()), row.getColumn(1).getString()};
}

}  // namespace sluice

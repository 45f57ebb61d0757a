#include "state/connection_store.h"

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "state/row.h"
#include "state/variable_store.h"
#include "state/webhook_rows.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr size_t kNonceBytes = 12;
constexpr const char* kColumns =
    "SELECT id, name, service, settings, secrets, created_at, updated_at FROM connections ";

}  // namespace

std::vector<Connection> ConnectionStore::read_rows(SQLite::Statement& rows) {
  std::vector<Connection> connections;
  while (rows.executeStep()) {
    Connection& connection = connections.emplace_back();
    connection.id = rows.getColumn(0).getString();
    connection.name = rows.getColumn(1).getString();
    connection.service = parse_service(rows.getColumn(2).getString());
    connection.settings =
        json::parse(rows.getColumn(3).getString()).get<std::map<std::string, std::string>>();
    // The id is authenticated with the box, so that a box can't be moved to another connection.
    const Secret opened = unseal(key_, rows.getColumn(4).getString(), connection.id);
    const json box = json::parse(opened.reveal());
    for (const auto& [name, value] : box.items()) {
      connection.secrets.emplace(name, Secret(value.get<std::string>()));
    }
    connection.created_at = time_of(rows.getColumn(5));
    connection.updated_at = time_of(rows.getColumn(6));
  }
  return connections;
}

std::vector<Connection> ConnectionStore::all() {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kColumns) + "ORDER BY name");
    return read_rows(rows);
  });
}

std::optional<Connection> ConnectionStore::find(std::string_view id_or_name) {
  return database_.read([&](SQLite::Database& database) -> std::optional<Connection> {
    SQLite::Statement rows(database,
                           std::string(kColumns) + "WHERE id = ?1 OR name = ?1 ORDER BY id != ?1");
    rows.bind(1, std::string(id_or_name));
    std::vector<Connection> found = read_rows(rows);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

std::string ConnectionStore::sealed(const Secret& key, const Connection& connection) {
  json box = json::object();
  for (const auto& [name, secret] : connection.secrets) box[name] = secret.reveal();
  const Secret plain(box.dump());
  return seal(key, random_.bytes(kNonceBytes), plain.reveal(), connection.id);
}

void ConnectionStore::change_key(const Secret& next) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement rows(database, kColumns);
    SQLite::Statement update(database, "UPDATE connections SET secrets = ? WHERE id = ?");
    for (const Connection& connection : read_rows(rows)) {
      const std::string box = sealed(next, connection);
      update.bind(1, box.data(), static_cast<int>(box.size()));
      update.bind(2, connection.id);
      update.exec();
      update.reset();
    }
    reseal_webhooks(database, key_, next, random_);
    reseal_variables(database, key_, next, random_);
  });
  key_ = next;
}

std::optional<bool> ConnectionStore::is_sealed_with(const Secret& key) {
  return database_.read([&](SQLite::Database& database) -> std::optional<bool> {
    std::optional<SealedBox> box = any_sealed_webhook(database);
    if (!box) box = any_sealed_variable(database);
    SQLite::Statement row(database, "SELECT id, secrets FROM connections LIMIT 1");
    if (row.executeStep()) {
      box = SealedBox{row.getColumn(0).getString(), row.getColumn(1).getString()};
    }
    if (!box) return std::nullopt;
    try {
      unseal(key, box->bytes, box->id);
      return true;
    } catch (const Error&) {
      return false;
    }
  });
}

void ConnectionStore::insert(const Connection& connection) {
  const std::string box = sealed(key_, connection);
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement taken(database, "SELECT 1 FROM connections WHERE name = ?");
    taken.bind(1, connection.name);
    if (taken.executeStep()) {
      throw Error(ErrorCode::kConflict,
                  "There is a connection named '" + connection.name + "' already.",
                  "Choose another name, or delete that connection first.");
    }
    SQLite::Statement insert(database,
                             "INSERT INTO connections (id, name, service, settings, secrets, "
                             "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, connection.id);
    insert.bind(2, connection.name);
    insert.bind(3, std::string(service_name(connection.service)));
    insert.bind(4, json(connection.settings).dump());
    insert.bind(5, box.data(), static_cast<int>(box.size()));
    insert.bind(6, format_timestamp(connection.created_at));
    insert.bind(7, format_timestamp(connection.updated_at));
    insert.exec();
  });
}

bool ConnectionStore::remove(const std::string& id) {
  return database_.write([&](SQLite::Database& database) {
    SQLite::Statement users(database,
                            "SELECT group_concat(name, ', ') FROM (SELECT name FROM pipes JOIN "
                            "sinks ON sinks.pipe_id = pipes.id WHERE connection_id = ? ORDER BY "
                            "name LIMIT 20)");
    users.bind(1, id);
    users.executeStep();
    if (!users.getColumn(0).isNull()) {
      throw Error(ErrorCode::kForbidden,
                  "The connection is used by the sink of: " + users.getColumn(0).getString() + ".",
                  "Delete those sinks first.");
    }
    SQLite::Statement remove(database, "DELETE FROM connections WHERE id = ?");
    remove.bind(1, id);
    return remove.exec() > 0;
  });
}

}  // namespace sluice

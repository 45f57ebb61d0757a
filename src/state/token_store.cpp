#include "state/token_store.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"
#include "state/row.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kColumns =
    "SELECT id, name, scopes, description, created_at, updated_at, expires_at, hash FROM tokens ";
constexpr int kHashColumn = 7;
/// Hex digits by which a hash is looked up; the rest is compared.
constexpr size_t kLookedUp = 8;

std::string hash_of(const Secret& value) { return hex_encode(sha256(value.reveal())); }

Token token_of(SQLite::Statement& row) {
  Token token;
  token.id = row.getColumn(0).getString();
  token.name = row.getColumn(1).getString();
  token.scopes = json::parse(row.getColumn(2).getString()).get<std::vector<std::string>>();
  token.description = row.getColumn(3).getString();
  token.created_at = time_of(row.getColumn(4));
  token.updated_at = optional_time_of(row.getColumn(5)).value_or(token.created_at);
  token.expires_at = optional_time_of(row.getColumn(6));
  return token;
}

void insert_row(SQLite::Database& database, const Token& token, const Secret& value) {
  SQLite::Statement insert(
      database,
      "INSERT INTO tokens (id, name, hash, scopes, description, created_at, updated_at, "
      "expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)");
  insert.bind(1, token.id);
  insert.bind(2, token.name);
  insert.bind(3, hash_of(value));
  insert.bind(4, json(token.scopes).dump());
  insert.bind(5, token.description);
  insert.bind(6, format_timestamp(token.created_at));
  bind_optional(insert, 7, token.expires_at);
  insert.exec();
}

bool is_taken(SQLite::Database& database, const std::string& name) {
  SQLite::Statement row(database, "SELECT 1 FROM tokens WHERE name = ?");
  row.bind(1, name);
  return row.executeStep();
}

void change_value(SQLite::Database& database, const std::string& column, const std::string& key,
                  const Secret& value, Timestamp now) {
  SQLite::Statement change(database,
                           "UPDATE tokens SET hash = ?, updated_at = ? WHERE " + column + " = ?");
  change.bind(1, hash_of(value));
  change.bind(2, format_timestamp(now));
  change.bind(3, key);
  change.exec();
}

}  // namespace

std::optional<Token> TokenStore::find(const Secret& value) {
  const std::string hash = hash_of(value);
  const auto read = [&](SQLite::Database& database) -> std::optional<Token> {
    SQLite::Statement rows(database,
                           std::string(kColumns) + "WHERE hash >= ?1 AND hash < ?1 || 'g'");
    rows.bind(1, hash.substr(0, kLookedUp));
    std::optional<Token> found;
    while (rows.executeStep()) {
      if (equal_in_constant_time(rows.getColumn(kHashColumn).getString(), hash)) {
        found = token_of(rows);
      }
    }
    return found;
  };
  return found_.get(hash, [&] { return database_.read(read); });
}

std::optional<Token> TokenStore::find_named(std::string_view id_or_name) {
  return database_.read([&](SQLite::Database& database) -> std::optional<Token> {
    SQLite::Statement row(database,
                          std::string(kColumns) + "WHERE id = ?1 OR name = ?1 ORDER BY id != ?1");
    row.bind(1, std::string(id_or_name));
    if (!row.executeStep()) return std::nullopt;
    return token_of(row);
  });
}

std::vector<Token> TokenStore::all() {
  return database_.read([](SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kColumns) + "ORDER BY name");
    std::vector<Token> tokens;
    while (rows.executeStep()) tokens.push_back(token_of(rows));
    return tokens;
  });
}

bool TokenStore::exists(const std::string& name) {
  return database_.read([&](SQLite::Database& database) { return is_taken(database, name); });
}

void TokenStore::put(const Token& token, const Secret& value, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    if (is_taken(database, token.name)) {
      change_value(database, "name", token.name, value, now);
      return;
    }
    Token made = token;
    made.created_at = now;
    insert_row(database, made, value);
  });
}

void TokenStore::insert(const Token& token, const Secret& value, size_t most) {
  database_.write([&](SQLite::Database& database) {
    if (is_taken(database, token.name)) {
      throw Error(ErrorCode::kConflict, "There is a token named '" + token.name + "' already.",
                  "Choose another name, or delete that token first.");
    }
    if (database.execAndGet("SELECT count(*) FROM tokens").getInt64() >=
        static_cast<int64_t>(most)) {
      throw Error(ErrorCode::kForbidden,
                  "There are " + std::to_string(most) + " tokens, as many as there can be.",
                  "Delete one: DELETE /v0/tokens/{token}.");
    }
    insert_row(database, token, value);
  });
}

void TokenStore::update(const Token& token) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement update(database,
                             "UPDATE tokens SET scopes = ?, description = ?, expires_at = ?, "
                             "updated_at = ? WHERE id = ?");
    update.bind(1, json(token.scopes).dump());
    update.bind(2, token.description);
    bind_optional(update, 3, token.expires_at);
    update.bind(4, format_timestamp(token.updated_at));
    update.bind(5, token.id);
    update.exec();
  });
}

void TokenStore::set_value(const std::string& id, const Secret& value, Timestamp now) {
  database_.write(
      [&](SQLite::Database& database) { change_value(database, "id", id, value, now); });
}

void TokenStore::remove(const std::string& id) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement remove(database, "DELETE FROM tokens WHERE id = ?");
    remove.bind(1, id);
    remove.exec();
  });
}

}  // namespace sluice

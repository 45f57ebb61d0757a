#include "state/token_store.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"
#include "state/row.h"

namespace sluice {
namespace {

using nlohmann::json;

std::string hash_of(const Secret& value) { return hex_encode(sha256(value.reveal())); }

}  // namespace

std::optional<Token> TokenStore::find(const Secret& value) {
  const std::string hash = hash_of(value);
  return database_.read([&](SQLite::Database& database) -> std::optional<Token> {
    SQLite::Statement row(database, "SELECT id, name, scopes FROM tokens WHERE hash = ?");
    row.bind(1, hash);
    if (!row.executeStep()) return std::nullopt;
    return Token{row.getColumn(0).getString(), row.getColumn(1).getString(),
                 json::parse(row.getColumn(2).getString()).get<std::vector<std::string>>()};
  });
}

void TokenStore::put(const Token& token, const Secret& value, Timestamp now) {
  database_.write([&](SQLite::Database& database) {
    SQLite::Statement put(database,
                          "INSERT INTO tokens (id, name, hash, scopes, created_at) VALUES (?, ?, "
                          "?, ?, ?) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash");
    put.bind(1, token.id);
    put.bind(2, token.name);
    put.bind(3, hash_of(value));
    put.bind(4, json(token.scopes).dump());
    put.bind(5, format_timestamp(now));
    put.exec();
  });
}

bool TokenStore::exists(const std::string& name) {
  return database_.read([&](SQLite::Database& database) {
    SQLite::Statement row(database, "SELECT 1 FROM tokens WHERE name = ?");
    row.bind(1, name);
    return row.executeStep();
  });
}

}  // namespace sluice

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/secret.h"
#include "domain/connection.h"
#include "state/state_database.h"

namespace sluice {

/// Connections; their secrets are sealed with `key` (32 bytes) before they reach the file.
/// Thread-safe; every call is one transaction.
class ConnectionStore {
 public:
  ConnectionStore(StateDatabase& database, Secret key, Random& random)
      : database_(database), key_(std::move(key)), random_(random) {}

  std::vector<Connection> all();
  std::optional<Connection> find(std::string_view id_or_name);
  /// Throws kConflict when the name is taken.
  void insert(const Connection& connection);
  /// Seals all secrets anew with `next`, those of webhooks and variables too, in one transaction,
  /// and goes on with that.
  void change_key(const Secret& next);
  /// Whether what is stored was sealed with `key`; nothing where nothing is stored.
  std::optional<bool> is_sealed_with(const Secret& key);
  /// False if it was gone already. Throws kForbidden when a sink uses it.
  bool remove(const std::string& id);

 private:
  std::vector<Connection> read_rows(SQLite::Statement& rows);
  std::string sealed(const Secret& key, const Connection& connection);

  StateDatabase& database_;
  Secret key_;
  Random& random_;
};

}  // namespace sluice

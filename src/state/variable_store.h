#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/secret.h"
#include "domain/variable.h"
#include "state/state_database.h"
#include "state/webhook_rows.h"

namespace sluice {

/// Variables; their values are sealed with `key` (32 bytes) before they reach the file.
/// Thread-safe; every call is one transaction.
class VariableStore {
 public:
  VariableStore(StateDatabase& database, Secret key, Random& random)
      : database_(database), key_(std::move(key)), random_(random) {}

  /// By name.
  std::vector<Variable> all();
  std::optional<Variable> find(std::string_view name);
  std::optional<Secret> value(std::string_view name);
  /// Throws kConflict when the name is taken, kForbidden when there are `most` variables.
  void insert(const Variable& variable, const Secret& value, size_t most);
  /// Value, time and author of the change. False where there is no such variable.
  bool change(const Variable& variable, const Secret& value);
  /// False if it was gone already.
  bool remove(std::string_view name);

 private:
  std::string sealed(const std::string& name, const Secret& value);

  StateDatabase& database_;
  Secret key_;
  Random& random_;
};

/// Seals every variable anew, within a transaction of the caller.
void reseal_variables(SQLite::Database& database, const Secret& old_key, const Secret& new_key,
                      Random& random);
/// One box with its id, to try a key on; nothing where there is no variable.
std::optional<SealedBox> any_sealed_variable(SQLite::Database& database);

}  // namespace sluice

#pragma once

#include <sqlite3.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/secret.h"
#include "domain/variable.h"

namespace sluice {

/// The value of a secret; nothing where there is none of that name. Called by any thread.
using SecretLookup = std::function<std::optional<Secret>(const std::string& name)>;

/// `tb_secret(name)` and `tb_secret(name, default)` of one connection: gives what the query was
/// allowed, and nothing else. That a call stands in the statement at all is for ReadOnlyGuard to
/// allow. Must outlive its use by the connection; not thread-safe.
class SecretFunction {
 public:
  SecretFunction() = default;
  SecretFunction(const SecretFunction&) = delete;
  SecretFunction& operator=(const SecretFunction&) = delete;

  void attach_to(sqlite3* connection);
  /// Looks the values up: the statement sees these, whatever changes meanwhile. Throws kInvalid
  /// that names a secret which is needed and is not there.
  void allow(const SecretNames& names, const SecretLookup& lookup);
  /// Whether the statement may have values that nobody is to see.
  bool is_used() const { return is_used_; }

 private:
  static void call(sqlite3_context* context, int count, sqlite3_value** arguments);

  std::map<std::string, Secret> values_;
  bool is_used_ = false;
};

}  // namespace sluice

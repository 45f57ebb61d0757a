#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "domain/token.h"
#include "state/read_cache.h"
#include "state/state_database.h"

namespace sluice {

/// Tokens by the SHA-256 of their value; the value itself is never stored. A value is found by the
/// first digits of its hash and then compared in constant time, so the time of a miss tells nothing
/// about a token; what was found is kept by its whole hash until the next write. Thread-safe;
/// every call is one transaction.
class TokenStore {
 public:
  explicit TokenStore(StateDatabase& database) : database_(database), found_(database, kCached) {}

  /// Whoever answers to `value`, expired or not.
  std::optional<Token> find(const Secret& value);
  std::optional<Token> find_named(std::string_view id_or_name);
  /// By name.
  std::vector<Token> all();
  bool exists(const std::string& name);

  /// Makes `value` the one that the token of that name answers to; creates the token if needed.
  void put(const Token& token, const Secret& value, Timestamp now);
  /// Throws kConflict when the name is taken, kForbidden when there are `most` tokens.
  void insert(const Token& token, const Secret& value, size_t most);
  /// Description, scopes, expiry and the time of the change.
  void update(const Token& token);
  void set_value(const std::string& id, const Secret& value, Timestamp now);
  void remove(const std::string& id);

 private:
  static constexpr size_t kCached = 1000;

  StateDatabase& database_;
  ReadCache<std::optional<Token>> found_;  ///< By the whole hash of a value.
};

}  // namespace sluice

#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "domain/token.h"
#include "state/state_database.h"

namespace sluice {

/// Tokens by the SHA-256 of their value; the value itself is never stored. The hash is looked up as
/// a key, so the time of a miss tells nothing about a token. Thread-safe.
class TokenStore {
 public:
  explicit TokenStore(StateDatabase& database) : database_(database) {}

  std::optional<Token> find(const Secret& value);
  /// Makes `value` the one that the token of that name answers to; creates the token if needed.
  void put(const Token& token, const Secret& value, Timestamp now);
  bool exists(const std::string& name);

 private:
  StateDatabase& database_;
};

}  // namespace sluice

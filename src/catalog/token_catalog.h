#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"
#include "domain/token.h"
#include "state/token_store.h"

namespace sluice {

/// What a caller says of a token; what is absent stays as it is, or is empty.
struct TokenSpec {
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> scopes;
  std::optional<Timestamp> expires_at;
};

/// A token with its value, which is known to no one afterwards but who is told now.
struct NewToken {
  Token token;
  Secret value;
};

/// Tokens as their owners make them. What has `ADMIN` can only be made, changed, refreshed or
/// deleted by who has it, too: the scope `TOKENS` is not a way to get more than it says.
/// Thread-safe. Throws kInvalid, kNotFound, kConflict (the name is taken), kForbidden.
class TokenCatalog {
 public:
  TokenCatalog(TokenStore& tokens, Clock& clock, Random& random)
      : tokens_(tokens), clock_(clock), random_(random) {}

  /// Whoever the value belongs to. Throws kForbidden when it has expired.
  std::optional<Token> find(const Secret& value);

  std::vector<Token> all() { return tokens_.all(); }
  /// By id or name.
  Token get(std::string_view id_or_name);
  NewToken create(const Token& by, const std::string& name, const TokenSpec& spec);
  Token change(const Token& by, std::string_view id_or_name, const TokenSpec& spec);
  /// A new value in place of the old one.
  NewToken refresh(const Token& by, std::string_view id_or_name);
  void remove(const Token& by, std::string_view id_or_name);

  /// A value that no one can guess: `p.` and 64 hex digits.
  static Secret new_value(Random& random);
  /// The name of the token that the server itself makes.
  static constexpr std::string_view kAdminName = "admin";

 private:
  /// Takes over what `spec` says, checked.
  void apply(const Token& by, Token& token, const TokenSpec& spec) const;

  TokenStore& tokens_;
  Clock& clock_;
  Random& random_;
};

}  // namespace sluice

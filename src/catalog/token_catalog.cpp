#include "catalog/token_catalog.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr size_t kValueBytes = 32;

/// A value where a name belongs is not shown: it may be a real one.
std::string shown(std::string_view name) {
  if (name.starts_with("p.")) return "'p.***'";
  return "'" + std::string(name.substr(0, 200)) + "'";
}

void check_token_name(const std::string& name) {
  bool ok = !trim(name).empty() && name.size() <= limits::kNameBytes && !name.starts_with("p.");
  for (char c : name) ok = ok && static_cast<unsigned char>(c) >= ' ' && c != '/' && c != '\x7f';
  if (ok) return;
  throw Error(ErrorCode::kInvalid, "The token name " + shown(name) + " is not allowed.",
              "Use up to " + std::to_string(limits::kNameBytes) +
                  " characters, no '/' and no control characters; it can't begin with 'p.', as "
                  "values do.");
}

void check_may(const Token& by, const Token& token, const char* what) {
  if (!token.is_admin() || by.is_admin()) return;
  throw Error(ErrorCode::kForbidden,
              std::string("A token with the scope ADMIN can't be ") + what + " by the token '" +
                  by.name + "'.",
              "It needs the scope ADMIN itself.");
}

}  // namespace

Secret TokenCatalog::new_value(Random& random) { return Secret("p." + random.hex(kValueBytes)); }

std::optional<Token> TokenCatalog::find(const Secret& value) {
  std::optional<Token> token = tokens_.find(value);
  if (token && token->expires_at && *token->expires_at <= clock_.now()) {
    throw Error(ErrorCode::kForbidden,
                "The token '" + token->name + "' expired at " +
                    format_timestamp(*token->expires_at) + " UTC.",
                "Use another one, or let its expiry be changed: PUT /v0/tokens/{token}.");
  }
  return token;
}

Token TokenCatalog::get(std::string_view id_or_name) {
  std::optional<Token> token = tokens_.find_named(id_or_name);
  if (!token) {
    throw Error(ErrorCode::kNotFound, "There is no token " + shown(id_or_name) + ".",
                "GET /v0/tokens lists the tokens there are; give a name or an id.");
  }
  return std::move(*token);
}

void TokenCatalog::apply(const Token& by, Token& token, const TokenSpec& spec) const {
  if (spec.description) token.description = *spec.description;
  if (token.description.size() > limits::kDescriptionBytes) {
    throw Error(ErrorCode::kTooLarge, "The description has more than " +
                                          std::to_string(limits::kDescriptionBytes) + " bytes.");
  }
  if (spec.scopes) {
    token.scopes.clear();
    for (const std::string& text : *spec.scopes) {
      const std::string scope = scope_text(parse_scope(text));
      if (!token.has(scope)) token.scopes.push_back(scope);
    }
  }
  if (token.scopes.empty()) {
    throw Error(ErrorCode::kInvalid, "The token has no scope.",
                "Give one, for example scope=PIPES:READ:flights; it may be given several times.");
  }
  if (token.scopes.size() > limits::kScopesPerToken) {
    throw Error(ErrorCode::kInvalid,
                "The token would have " + std::to_string(token.scopes.size()) + " scopes.",
                "A token can have " + std::to_string(limits::kScopesPerToken) + "; make several.");
  }
  check_may(by, token, "made");
  if (spec.expires_at) {
    if (*spec.expires_at <= clock_.now()) {
      throw Error(ErrorCode::kInvalid,
                  "The time " + format_timestamp(*spec.expires_at) + " is over.",
                  "Give a time in the future as expires_at.");
    }
    token.expires_at = spec.expires_at;
  }
  token.updated_at = clock_.now();
}

NewToken TokenCatalog::create(const Token& by, const std::string& name, const TokenSpec& spec) {
  check_token_name(name);
  Token token;
  token.id = random_.uuid();
  token.name = name;
  apply(by, token, spec);
  token.created_at = token.updated_at;
  NewToken made{token, new_value(random_)};
  tokens_.insert(made.token, made.value, limits::kTokens);
  return made;
}

Token TokenCatalog::change(const Token& by, std::string_view id_or_name, const TokenSpec& spec) {
  Token token = get(id_or_name);
  check_may(by, token, "changed");
  if (token.name == kAdminName && (spec.scopes || spec.expires_at)) {
    throw Error(ErrorCode::kForbidden,
                "The scopes and the expiry of the server's own token 'admin' stay as they are.",
                "Make another token: POST /v0/tokens.");
  }
  apply(by, token, spec);
  tokens_.update(token);
  return token;
}

NewToken TokenCatalog::refresh(const Token& by, std::string_view id_or_name) {
  NewToken fresh{get(id_or_name), new_value(random_)};
  check_may(by, fresh.token, "refreshed");
  fresh.token.updated_at = clock_.now();
  tokens_.set_value(fresh.token.id, fresh.value, fresh.token.updated_at);
  return fresh;
}

void TokenCatalog::remove(const Token& by, std::string_view id_or_name) {
  const Token token = get(id_or_name);
  check_may(by, token, "deleted");
  if (token.name == kAdminName) {
    throw Error(ErrorCode::kForbidden, "The server's own token 'admin' can't be deleted.",
                "Give it a new value: POST /v0/tokens/admin/refresh.");
  }
  tokens_.remove(token.id);
}

}  // namespace sluice

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace sluice {

/// Who is calling. Scopes are spelled as the API does: `ADMIN`, `PIPES:READ:name`.
struct Token {
  std::string id;
  std::string name;
  std::vector<std::string> scopes;
  std::string description = {};
  Timestamp created_at = {};
  Timestamp updated_at = {};
  /// From then on it is refused.
  std::optional<Timestamp> expires_at = {};

  bool is_admin() const { return has("ADMIN"); }
  bool has(std::string_view scope) const;
  /// Whether it has `right` (`PIPES:READ`) for something known by this id and this name.
  bool has_for(std::string_view right, std::string_view its_id, std::string_view its_name) const;
  /// Whether it has `right` for anything.
  bool has_any(std::string_view right) const;
};

/// A scope in its parts; `resource` is empty where the right is not for one thing.
struct TokenScope {
  std::string right;
  std::string resource;
};

/// Takes apart what a client wrote, rights in any case. Throws kInvalid that lists the scopes there
/// are, and for filters (`DATASOURCES:READ:x:filter`), which do not exist here.
TokenScope parse_scope(std::string_view text);
std::string scope_text(const TokenScope& scope);

}  // namespace sluice

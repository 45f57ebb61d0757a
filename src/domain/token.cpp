#include "domain/token.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

constexpr std::array<std::string_view, 4> kWholeRights = {"ADMIN", "TOKENS", "PIPES:CREATE",
                                                          "DATASOURCES:CREATE"};
constexpr std::array<std::string_view, 5> kRightsForOne = {
    "PIPES:READ", "PIPES:DROP", "DATASOURCES:APPEND", "DATASOURCES:READ", "DATASOURCES:DROP"};

[[noreturn]] void bad_scope(std::string_view text) {
  throw Error(ErrorCode::kInvalid,
              "The scope '" + std::string(text.substr(0, 200)) + "' is not known.",
              "Use ADMIN, TOKENS, PIPES:CREATE, PIPES:READ:{pipe}, PIPES:DROP:{pipe}, "
              "DATASOURCES:CREATE, or DATASOURCES:APPEND:, READ: or DROP: with a data source.");
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

template <size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& all, std::string_view text) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

}  // namespace

bool Token::has(std::string_view scope) const {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

bool Token::has_for(std::string_view right, std::string_view its_id,
                    std::string_view its_name) const {
  return std::any_of(scopes.begin(), scopes.end(), [&](std::string_view scope) {
    if (!scope.starts_with(right) || scope.substr(right.size()).substr(0, 1) != ":") return false;
    const std::string_view resource = scope.substr(right.size() + 1);
    return resource == its_id || ascii_lower(resource) == ascii_lower(its_name);
  });
}

bool Token::has_any(std::string_view right) const {
  return std::any_of(scopes.begin(), scopes.end(), [&](std::string_view scope) {
    return scope.starts_with(right) && scope.substr(right.size()).substr(0, 1) == ":";
  });
}

TokenScope parse_scope(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const std::string all = upper(trimmed);
  if (is_one_of(kWholeRights, all)) return {all, ""};
  const size_t colon = trimmed.find(':', std::min(trimmed.size(), trimmed.find(':') + 1));
  if (trimmed.find(':') == std::string_view::npos || colon == std::string_view::npos) {
    bad_scope(text);
  }
  TokenScope scope{upper(trimmed.substr(0, colon)), std::string(trimmed.substr(colon + 1))};
  if (!is_one_of(kRightsForOne, scope.right) || scope.resource.empty()) bad_scope(text);
  if (scope.resource.find(':') != std::string::npos) {
    throw Error(ErrorCode::kInvalid,
                "The scope '" + std::string(text.substr(0, 200)) + "' has a filter.",
                "Filters do not exist here; end the scope with the name of what it is for.");
  }
  if (scope.resource.size() > limits::kNameBytes) bad_scope(text);
  return scope;
}

std::string scope_text(const TokenScope& scope) {
  return scope.resource.empty() ? scope.right : scope.right + ":" + scope.resource;
}

}  // namespace sluice

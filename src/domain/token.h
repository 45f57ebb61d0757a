#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Who is calling. Scopes are spelled as the API does: `ADMIN`, `PIPES:READ:name`.
struct Token {
  std::string id;
  std::string name;
  std::vector<std::string> scopes;

  bool is_admin() const;
};

}  // namespace sluice

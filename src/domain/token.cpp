#include "domain/token.h"

#include <algorithm>

namespace sluice {

bool Token::is_admin() const {
  return std::find(scopes.begin(), scopes.end(), "ADMIN") != scopes.end();
}

}  // namespace sluice

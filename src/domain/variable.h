#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace sluice::limits {
inline constexpr size_t kVariables = 1000;
inline constexpr size_t kVariableBytes = 64 * 1024;
}  // namespace sluice::limits

namespace sluice {

/// A secret that SQL templates use by its name. Its value is in the store alone.
struct Variable {
  std::string name;
  Timestamp created_at;
  Timestamp updated_at;
  std::string edited_by;  ///< "token: 'admin'": whose call it was last.
};

/// The function that gives secrets: of templates, and of the SQL that they come to. What a template
/// writes is a call, which the engine answers while the statement runs, so that no value stands in
/// a statement, a plan, a log or an error. Only templates may write that call: the word is refused
/// wherever else it would come into a statement.
inline constexpr std::string_view kSecretFunction = "tb_secret";

/// The secrets that SQL names, and whether it can't do without: it has no default for it.
using SecretNames = std::map<std::string, bool>;

}  // namespace sluice

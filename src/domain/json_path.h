#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A step from a JSON value to one inside of it: the value of a key, or every element of an array.
struct JsonStep {
  std::string key;
  bool each = false;

  bool operator==(const JsonStep&) const = default;
};

/// Reads `$.user.name`, `$.items[:].price`, `$.['a key']`, `$` (the row itself; no step), the paths
/// of the public API's schemas. Throws kInvalid: a part of a sentence, for behind "Column 'x':".
std::vector<JsonStep> parse_json_path(std::string_view path);

/// The path of a key, quoted where it has to be: `$.a` or `$.['a b']`. `keys` from the outside in.
std::string json_path_of(const std::vector<std::string>& keys);

}  // namespace sluice

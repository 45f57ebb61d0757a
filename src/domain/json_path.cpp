#include "domain/json_path.h"

#include "base/error.h"
#include "base/limits.h"

namespace sluice {
namespace {

Error bad_path(std::string_view path, std::string_view what) {
  return {ErrorCode::kInvalid,
          "the JSON path '" + std::string(path.substr(0, limits::kNameBytes)) + "' " +
              std::string(what) + ".",
          "Paths are like $.user.name, $.tags[:], $.items[:].price or $.['a key']."};
}

/// Where a key without quotes ends.
constexpr std::string_view kEndsKey = ".[]'\"` \t\r\n";

bool is_plain_key(std::string_view key) {
  return !key.empty() && key.find_first_of(kEndsKey) == std::string_view::npos;
}

/// `['key']`, `["key"]` or `[:]` at the front of `rest`, which it is taken from.
JsonStep take_bracket(std::string_view path, std::string_view& rest) {
  if (rest.starts_with("[:]")) {
    rest.remove_prefix(3);
    return {{}, true};
  }
  const char quote = rest.size() > 1 ? rest[1] : '\0';
  if (quote != '\'' && quote != '"')
    throw bad_path(path, "has a bracket that is no [:] or ['key']");
  JsonStep step;
  for (size_t i = 2; i < rest.size(); ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size()) {
      step.key += rest[++i];
    } else if (rest[i] == quote) {
      if (!rest.substr(i + 1).starts_with(']')) break;
      rest.remove_prefix(i + 2);
      return step;
    } else {
      step.key += rest[i];
    }
  }
  throw bad_path(path, "has a bracket that is not closed");
}

}  // namespace

std::vector<JsonStep> parse_json_path(std::string_view path) {
  if (!path.starts_with('$')) throw bad_path(path, "does not begin with $");
  std::vector<JsonStep> steps;
  std::string_view rest = path.substr(1);
  while (!rest.empty()) {
    if (steps.size() == limits::kJsonDepth) throw bad_path(path, "has too many steps");
    const bool dot = rest.starts_with('.');
    if (dot) rest.remove_prefix(1);
    if (rest.starts_with('[')) {
      steps.push_back(take_bracket(path, rest));
      continue;
    }
    const std::string_view key = rest.substr(0, rest.find_first_of(kEndsKey));
    if (!dot || key.empty()) throw bad_path(path, "can't be read");
    steps.push_back({std::string(key), false});
    rest.remove_prefix(key.size());
  }
  return steps;
}

std::string json_path_of(const std::vector<std::string>& keys) {
  std::string path = "$";
  for (const std::string& key : keys) {
    path += '.';
    if (is_plain_key(key)) {
      path += key;
      continue;
    }
    path += "['";
    for (const char c : key) {
      if (c == '\'' || c == '\\') path += '\\';
      path += c;
    }
    path += "']";
  }
  return path;
}

}  // namespace sluice

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "domain/template_functions.h"

namespace sluice {
namespace {

const std::string& text_of(const TemplateList& arguments, size_t place) {
  static const std::string kNone;
  if (place >= arguments.size()) return kNone;
  if (const auto* text = std::get_if<std::string>(&arguments[place].data)) return *text;
  throw Error(ErrorCode::kInvalid,
              "Methods are for texts; this is " + std::string(kind_of(arguments[place])) + ".");
}

TemplateValue upper(const TemplateList& arguments) {
  std::string text = text_of(arguments, 0);
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return {std::move(text)};
}

TemplateValue lower(const TemplateList& arguments) {
  std::string text = text_of(arguments, 0);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return {std::move(text)};
}

TemplateValue strip(const TemplateList& arguments) {
  const std::string& text = text_of(arguments, 0);
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {std::string()};
  return {text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1)};
}

TemplateValue starts_with(const TemplateList& arguments) {
  return {text_of(arguments, 0).starts_with(text_of(arguments, 1))};
}

TemplateValue ends_with(const TemplateList& arguments) {
  return {text_of(arguments, 0).ends_with(text_of(arguments, 1))};
}

TemplateValue split(const TemplateList& arguments) {
  TemplateList parts = split_text(text_of(arguments, 0), text_of(arguments, 1));
  if (arguments.size() < 3) return {std::move(parts)};
  const auto* most = std::get_if<int64_t>(&arguments[2].data);
  if (most == nullptr || *most < 0) {
    throw Error(ErrorCode::kInvalid, "split takes a separator and how often to split.");
  }
  // What is behind the last split stays together.
  while (parts.size() > static_cast<uint64_t>(*most) + 1) {
    const std::string last = std::get<std::string>(parts.back().data);
    parts.pop_back();
    auto& before = std::get<std::string>(parts.back().data);
    before += text_of(arguments, 1) + last;
  }
  return {std::move(parts)};
}

/// map.get(key, default)
TemplateValue get(const TemplateList& arguments) {
  const auto* map = std::get_if<TemplateMap>(&arguments[0].data);
  if (map == nullptr) {
    throw Error(ErrorCode::kInvalid,
                "get is for maps; this is " + std::string(kind_of(arguments[0])) + ".");
  }
  for (size_t i = 0; i < map->keys.size(); ++i) {
    if (equals(map->keys[i], arguments[1])) return map->values[i];
  }
  return arguments.size() > 2 ? arguments[2] : TemplateValue();
}

TemplateValue replace(const TemplateList& arguments) {
  std::string out;
  bool is_first = true;
  for (const TemplateValue& part : split_text(text_of(arguments, 0), text_of(arguments, 1))) {
    if (!is_first) out += text_of(arguments, 2);
    is_first = false;
    out += std::get<std::string>(part.data);
    if (out.size() <= limits::kSqlBytes) continue;
    throw Error(ErrorCode::kTooLarge,
                "A text has more than " + std::to_string(limits::kSqlBytes) + " bytes.");
  }
  return {std::move(out)};
}

struct Method {
  std::string_view name;
  size_t least;
  size_t most;
  TemplateValue (*call)(const TemplateList&);
};

constexpr std::array kMethods = {
    Method{"endswith", 1, 1, ends_with}, Method{"get", 1, 2, get},
    Method{"lower", 0, 0, lower},        Method{"replace", 2, 2, replace},
    Method{"split", 1, 2, split},        Method{"startswith", 1, 1, starts_with},
    Method{"strip", 0, 0, strip},        Method{"upper", 0, 0, upper},
};

}  // namespace

TemplateList split_text(const std::string& text, const std::string& separator) {
  if (separator.empty()) throw Error(ErrorCode::kInvalid, "The separator is empty.");
  TemplateList out;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    out.push_back({text.substr(at, end - at)});
    at = end + separator.size();
  }
  return out;
}

TemplateValue call_template_method(const std::string& name, const TemplateList& arguments) {
  for (const Method& method : kMethods) {
    if (method.name != name) continue;
    const size_t count = arguments.size() - 1;
    if (count >= method.least && count <= method.most) return method.call(arguments);
    const std::string most =
        method.most == method.least ? "" : " or " + std::to_string(method.most);
    throw Error(ErrorCode::kInvalid,
                name + " takes " + std::to_string(method.least) + most + " arguments.");
  }
  throw Error(ErrorCode::kInvalid, "Templates have no method '" + name.substr(0, 100) + "'.",
              "Texts have endswith, lower, replace, split, startswith, strip and upper; maps get.");
}

}  // namespace sluice

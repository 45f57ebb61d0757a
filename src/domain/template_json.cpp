#include "domain/template_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "domain/template_syntax.h"

namespace sluice {
namespace {

using nlohmann::json;

TemplateValue value_of(const json& from) {
  switch (from.type()) {
    case json::value_t::boolean:
      return {from.get<bool>()};
    case json::value_t::number_integer:
      return {from.get<int64_t>()};
    case json::value_t::number_unsigned:
      // A number over what is signed has no whole number here.
      if (from.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) return {from.get<double>()};
      return {from.get<int64_t>()};
    case json::value_t::number_float:
      return {from.get<double>()};
    case json::value_t::string:
      return {from.get<std::string>()};
    case json::value_t::array: {
      TemplateList list;
      for (const json& item : from) list.push_back(value_of(item));
      return {std::move(list)};
    }
    case json::value_t::object: {
      TemplateMap map;
      for (const auto& [key, item] : from.items()) {
        map.keys.push_back({key});
        map.values.push_back(value_of(item));
      }
      return {std::move(map)};
    }
    default:
      return {};
  }
}

}  // namespace

TemplateValue read_template_json(std::string_view text) {
  bool is_too_deep = false;
  const json::parser_callback_t watch = [&](int depth, json::parse_event_t, json&) {
    is_too_deep |= depth > static_cast<int>(kTemplateDepth);
    return !is_too_deep;
  };
  const json parsed = json::parse(text, watch, false);
  if (is_too_deep) {
    throw Error(ErrorCode::kInvalid,
                "The JSON is nested more than " + std::to_string(kTemplateDepth) + " deep.");
  }
  if (parsed.is_discarded()) {
    throw Error(ErrorCode::kInvalid, "'" + std::string(text.substr(0, 100)) + "' is no JSON.",
                "Write for example [{\"column\": \"a\", \"value\": 1}].");
  }
  return value_of(parsed);
}

}  // namespace sluice

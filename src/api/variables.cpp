#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

using nlohmann::json;

/// `2026-11-24T08:30:00`, as the public API writes these times.
std::string time_view(Timestamp time) {
  std::string text = format_timestamp(time).substr(0, 19);
  text[10] = 'T';
  return text;
}

json variable_view(const Variable& variable) {
  return {{"name", variable.name},
          {"type", "secret"},
          {"created_at", time_view(variable.created_at)},
          {"updated_at", time_view(variable.updated_at)},
          {"edited_by", variable.edited_by}};
}

Secret value_of(const ApiCall& call) {
  const std::string type = ascii_lower(call.parameters.text("type").value_or("secret"));
  if (type != "secret") {
    throw Error(ErrorCode::kInvalid,
                "The variable type '" + type.substr(0, 100) + "' is not known.",
                "There is one type: secret, which is also the default.");
  }
  return Secret(call.parameters.required("value", "Give the secret itself."));
}

}  // namespace

DoorResponse list_variables(const ApiParts& parts, const ApiCall&) {
  json variables = json::array();
  for (const Variable& one : parts.variables.all()) variables.push_back(variable_view(one));
  return reply({{"variables", variables}});
}

DoorResponse create_variable(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"name", "type", "value"});
  const std::string name = call.parameters.required("name", "Name the variable.");
  return reply(variable_view(parts.variables.create(call.token, name, value_of(call))));
}

DoorResponse get_variable(const ApiParts& parts, const ApiCall& call) {
  return reply(variable_view(parts.variables.get(call.names[0])));
}

DoorResponse change_variable(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"type", "value"});
  return reply(variable_view(parts.variables.change(call.token, call.names[0], value_of(call))));
}

DoorResponse delete_variable(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({});
  parts.variables.remove(call.names[0]);
  return reply({{"ok", true}});
}

}  // namespace sluice

#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/reply.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kName = "sluice";
/// There are no users here, only tokens; clients want something to show.
constexpr const char* kEmail = "admin@sluice.local";

/// A UUID that is the same as long as the data folder is: made of the external id, which is.
std::string stable_id(const ApiParts& parts, const std::string& what) {
  std::string hex = hex_encode(sha256(what + ":" + parts.workspace.external_id()));
  hex[12] = '8';  // A custom UUID (RFC 9562, section 5.8).
  hex[16] = 'a';
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

json workspace_view(const ApiParts& parts) {
  return {{"id", stable_id(parts, "workspace")},
          {"name", kName},
          {"user_id", stable_id(parts, "user")},
          {"user_email", kEmail},
          {"scope", "admin"},
          {"created_at", format_timestamp(parts.workspace.created_at())},
          {"main", nullptr},
          {"is_branch", false},
          {"releases", json::array()}};
}

}  // namespace

DoorResponse get_workspace(const ApiParts& parts, const ApiCall&) {
  return reply(workspace_view(parts));
}

DoorResponse list_workspaces(const ApiParts& parts, const ApiCall& call) {
  json workspaces = json::array();
  json one = workspace_view(parts);
  one["role"] = call.token.is_admin() ? "admin" : "guest";
  one["plan"] = "local";
  one["owner"] = one["user_id"];
  one["members"] = json::array();
  one["token"] = nullptr;
  if (call.parameters.text("only_environments").value_or("") != "true") {
    workspaces.push_back(std::move(one));
  }
  return reply({{"id", stable_id(parts, "user")}, {"email", kEmail}, {"workspaces", workspaces}});
}

DoorResponse list_regions(const ApiParts&, const ApiCall& call) {
  const json region = {{"name", "local"},
                       {"provider", "sluice"},
                       {"host", call.base_url},
                       {"api_host", call.base_url}};
  return reply({{"regions", json::array({region})}});
}

}  // namespace sluice

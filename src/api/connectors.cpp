#include <nlohmann/json.hpp>

#include "api/handlers.h"
#include "api/pipe_text.h"
#include "api/reply.h"
#include "api/views.h"

namespace sluice {

DoorResponse list_connections(const ApiParts& parts, const ApiCall&) {
  nlohmann::json list = nlohmann::json::array();
  for (const Connection& connection : parts.connections.all()) {
    list.push_back(connection_view(connection, parts.connections.pipes_using(connection)));
  }
  return reply({{"connectors", list}});
}

DoorResponse create_connection(const ApiParts& parts, const ApiCall& call) {
  const std::string service =
      call.parameters.required("service", "Give the kind of store, for example s3 or local.");
  const std::string name = call.parameters.required("name", "Name the connection.");
  std::map<std::string, std::string> parameters;
  for (const std::string& key : call.parameters.names()) {
    if (key == "service" || key == "name" || key == "dry_run") continue;
    if (std::optional<std::string> value = call.parameters.text(key)) parameters[key] = *value;
  }
  const Connection connection =
      parts.connections.create(service, name, parameters, call.parameters.flag("dry_run"));
  return reply(connection_view(connection, {}));
}

DoorResponse test_connection(const ApiParts& parts, const ApiCall& call) {
  call.parameters.refuse_others({"path"});
  const Connection connection = parts.connections.get(call.names[0]);
  const std::string path = call.parameters.text("path").value_or("");
  return reply(trial_view(connection, parts.connections.test(connection, path)));
}

DoorResponse get_connection(const ApiParts& parts, const ApiCall& call) {
  const Connection connection = parts.connections.get(call.names[0]);
  return reply(connection_view(connection, parts.connections.pipes_using(connection)));
}

DoorResponse get_connection_text(const ApiParts& parts, const ApiCall& call) {
  return reply_text(connection_text(parts.connections.get(call.names[0])));
}

DoorResponse delete_connection(const ApiParts& parts, const ApiCall& call) {
  parts.connections.remove(call.names[0]);
  return reply_nothing();
}

}  // namespace sluice

#include "catalog/connection_catalog.h"

#include "base/error.h"

namespace sluice {

Connection ConnectionCatalog::create(std::string_view service, const std::string& name,
                                     const std::map<std::string, std::string>& parameters,
                                     bool dry_run) {
  Connection connection = make_connection(parse_service(service), name, parameters, parts_.regions);
  connection.id = parts_.random.uuid();
  connection.created_at = connection.updated_at = parts_.clock.now();
  if (dry_run) return connection;
  if (connection.service == Service::kS3IamRole) {
    connection.settings["s3_iamrole_external_id"] = parts_.workspace.external_id();
  }
  if (connection.service == Service::kLocal) {
    // The folder is made at once, so that a wrong --local-root is told now and not by a job.
    parts_.stores.open(connection, {Service::kLocal, "", ""}, {})->probe("");
  }
  parts_.connections.insert(connection);
  return connection;
}

Connection ConnectionCatalog::get(std::string_view id_or_name) {
  std::optional<Connection> connection = parts_.connections.find(id_or_name);
  if (!connection) {
    throw Error(ErrorCode::kNotFound,
                "There is no connection '" + std::string(id_or_name.substr(0, 200)) + "'.",
                "GET /v0/connectors lists the connections there are.");
  }
  return std::move(*connection);
}

std::vector<Pipe> ConnectionCatalog::pipes_using(const Connection& connection) {
  return parts_.pipes.using_connection(connection.id);
}

void ConnectionCatalog::remove(std::string_view id_or_name) {
  parts_.connections.remove(get(id_or_name).id);
}

}  // namespace sluice

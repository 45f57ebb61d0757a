#include "catalog/connection_catalog.h"

#include "base/error.h"

namespace sluice {

Connection ConnectionCatalog::create(std::string_view service, const std::string& name,
                                     const std::map<std::string, std::string>& parameters,
                                     bool dry_run) {
  Connection connection = make_connection(parse_service(service), name, parameters);
  connection.id = random_.uuid();
  connection.created_at = connection.updated_at = clock_.now();
  if (dry_run) return connection;
  if (connection.service == Service::kLocal) {
    // The folder is made at once, so that a wrong --local-root is told now and not by a job.
    stores_.open(connection, {Service::kLocal, "", ""}, {})->probe("");
  }
  connections_.insert(connection);
  return connection;
}

Connection ConnectionCatalog::get(std::string_view id_or_name) {
  std::optional<Connection> connection = connections_.find(id_or_name);
  if (!connection) {
    throw Error(ErrorCode::kNotFound,
                "There is no connection '" + std::string(id_or_name.substr(0, 200)) + "'.",
                "GET /v0/connectors lists the connections there are.");
  }
  return std::move(*connection);
}

std::vector<Pipe> ConnectionCatalog::pipes_using(const Connection& connection) {
  return pipes_.using_connection(connection.id);
}

void ConnectionCatalog::remove(std::string_view id_or_name) {
  connections_.remove(get(id_or_name).id);
}

}  // namespace sluice

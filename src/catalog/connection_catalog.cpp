#include "catalog/connection_catalog.h"

#include "base/error.h"

namespace sluice {

Connection ConnectionCatalog::create(std::string_view service, const std::string& name,
                                     const std::map<std::string, std::string>& parameters,
                                     bool dry_run) {
  Connection connection = make_connection(parse_service(service), name, parameters, parts_.regions);
  if (connection.service == Service::kGcsServiceAccount) {
    connection.settings["account_email"] = needed_google_account();
  }
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

std::optional<std::string> ConnectionCatalog::google_account() const {
  if (parts_.google_account.empty()) return std::nullopt;
  return parts_.google_account;
}

std::string ConnectionCatalog::needed_google_account() const {
  if (const auto account = google_account()) return *account;
  throw Error(ErrorCode::kBusy, "This server has no Google service account of its own.",
              "Start Sluice with --gcp-credentials FILE, or use the service gcs with a key.");
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

ConnectionTrial ConnectionCatalog::test(const Connection& connection, std::string path) {
  if (path.empty()) {
    const std::vector<Pipe> users = pipes_using(connection);
    if (!users.empty()) path = users.front().sink->settings.path;
  }
  const std::string scheme(service_scheme(connection.service));
  if (path.empty() && connection.service == Service::kLocal) path = scheme;
  if (path.empty()) {
    throw Error(
        ErrorCode::kInvalid, "The parameter path is missing.",
        "No sink uses the connection yet, so say what to try: path=" + scheme + "bucket/prefix.");
  }
  const Destination destination = parse_destination(path, connection);
  const auto store = parts_.stores.open(connection, destination, {});
  return try_connection(*store, destination.prefix, parts_.random);
}

std::vector<Pipe> ConnectionCatalog::pipes_using(const Connection& connection) {
  return parts_.pipes.using_connection(connection.id);
}

void ConnectionCatalog::remove(std::string_view id_or_name) {
  parts_.connections.remove(get(id_or_name).id);
}

}  // namespace sluice

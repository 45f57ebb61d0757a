#include "domain/connection.h"

#include <algorithm>
#include <span>

#include "base/encoding.h"
#include "base/error.h"
#include "domain/connection_checks.h"
#include "domain/name.h"

namespace sluice {
namespace {

enum class Kind { kSetting, kSecret };
enum class Need { kOptional, kRequired };

struct Parameter {
  std::string_view name;
  Kind kind = Kind::kSetting;
  Need need = Need::kOptional;
};

constexpr Parameter kS3[] = {{"s3_access_key_id", Kind::kSecret, Need::kRequired},
                             {"s3_secret_access_key", Kind::kSecret, Need::kRequired},
                             {"s3_session_token", Kind::kSecret},
                             {"s3_region", Kind::kSetting, Need::kRequired},
                             {"s3_endpoint"},
                             {"s3_path_style"},
                             {"s3_provider"},
                             {"s3_server_side_encryption"},
                             {"s3_kms_key_id"},
                             {"s3_storage_class"},
                             {"s3_acl"}};
constexpr Parameter kS3IamRole[] = {{"s3_iamrole_arn", Kind::kSetting, Need::kRequired},
                                    {"s3_iamrole_region", Kind::kSetting, Need::kRequired},
                                    {"s3_endpoint"},
                                    {"sts_endpoint"},
                                    {"s3_path_style"},
                                    {"s3_provider"},
                                    {"s3_server_side_encryption"},
                                    {"s3_kms_key_id"},
                                    {"s3_storage_class"},
                                    {"s3_acl"}};
constexpr Parameter kGcsHmac[] = {{"gcs_hmac_access_id", Kind::kSecret, Need::kRequired},
                                  {"gcs_hmac_secret", Kind::kSecret, Need::kRequired},
                                  {"gcs_region"},
                                  {"gcs_endpoint"}};
constexpr Parameter kGcs[] = {{"gcs_project_id"},
                              {"gcs_client_id"},
                              {"gcs_client_email", Kind::kSetting, Need::kRequired},
                              {"gcs_client_x509_cert_url"},
                              {"gcs_private_key", Kind::kSecret, Need::kRequired},
                              {"gcs_private_key_id"},
                              {"gcs_endpoint"},
                              {"gcs_token_endpoint"}};
constexpr Parameter kGcsServiceAccount[] = {{"gcs_endpoint"}};
constexpr Parameter kLocal[] = {{"root"}};

struct ServiceRow {
  Service service;
  std::string_view name;
  std::string_view scheme;
  ServiceSettings settings;
  std::span<const Parameter> parameters;
};

constexpr ServiceRow kServices[] = {
    {Service::kS3, "s3", "s3://", {"s3_region", "s3_endpoint"}, kS3},
    {Service::kS3IamRole, "s3_iamrole", "s3://", {"s3_iamrole_region", "s3_endpoint"}, kS3IamRole},
    {Service::kGcsHmac, "gcs_hmac", "gs://", {"gcs_region", "gcs_endpoint"}, kGcsHmac},
    {Service::kGcs, "gcs", "gs://", {"", "gcs_endpoint"}, kGcs},
    {Service::kGcsServiceAccount,
     "gcs_service_account",
     "gs://",
     {"", "gcs_endpoint"},
     kGcsServiceAccount},
    {Service::kLocal, "local", "local://", {"", ""}, kLocal}};

const ServiceRow& row_of(Service service) {
  return *std::find_if(std::begin(kServices), std::end(kServices),
                       [&](const ServiceRow& row) { return row.service == service; });
}

[[noreturn]] void invalid(std::string message, std::string hint) {
  throw Error(ErrorCode::kInvalid, std::move(message), std::move(hint));
}

void check_s3(Connection& connection, RegionNames regions) {
  check_endpoint(connection, "s3_endpoint");
  check_endpoint(connection, "sts_endpoint");
  check_region(connection.setting(std::string(service_settings(connection.service).region)),
               region_names(connection, regions));
  check_flag(connection, "s3_path_style");
  check_provider(connection);
  check_object_settings(connection);
}

void check_gcs(Connection& connection, RegionNames regions) {
  check_endpoint(connection, "gcs_endpoint");
  check_endpoint(connection, "gcs_token_endpoint");
  check_account_email(connection, "gcs_client_email");
  check_private_key(connection, "gcs_private_key");
  const std::string region = connection.setting("gcs_region");
  if (!region.empty()) check_gcs_region(region, region_names(connection, regions));
}

void check(Connection& connection, RegionNames regions) {
  for (const auto& [name, value] : connection.secrets) {
    if (name != "gcs_private_key") check_key(connection, name);
  }
  switch (connection.service) {
    case Service::kS3:
      check_s3(connection, regions);
      break;
    case Service::kS3IamRole:
      check_role_arn(connection, "s3_iamrole_arn");
      check_s3(connection, regions);
      break;
    case Service::kGcsHmac:
    case Service::kGcs:
    case Service::kGcsServiceAccount:
      check_gcs(connection, regions);
      break;
    case Service::kLocal:
      check_root(connection);
      break;
  }
}

const Parameter& known_parameter(const ServiceRow& row, const std::string& name) {
  std::string all;
  for (const Parameter& parameter : row.parameters) {
    if (parameter.name == name) return parameter;
    all += (all.empty() ? "" : ", ") + std::string(parameter.name);
  }
  invalid("The parameter '" + name + "' is not one of a connection of service " +
              std::string(row.name) + ".",
          "It takes: " + all + ".");
}

void fill(Connection& connection, const std::map<std::string, std::string>& parameters) {
  const ServiceRow& row = row_of(connection.service);
  for (const auto& [name, value] : parameters) {
    const Parameter& known = known_parameter(row, name);
    if (value.empty()) continue;
    if (known.kind == Kind::kSecret) {
      connection.secrets.emplace(name, Secret(value));
    } else {
      connection.settings[name] = value;
    }
  }
  for (const Parameter& parameter : row.parameters) {
    const std::string name(parameter.name);
    if (parameter.need == Need::kRequired && !connection.settings.contains(name) &&
        !connection.secrets.contains(name)) {
      invalid("The parameter " + name + " is missing.",
              "A connection of service " + std::string(row.name) + " needs it.");
    }
  }
}

}  // namespace

std::string Connection::setting(const std::string& key) const {
  auto found = settings.find(key);
  return found == settings.end() ? std::string() : found->second;
}

Secret Connection::secret(const std::string& key) const {
  auto found = secrets.find(key);
  return found == secrets.end() ? Secret() : found->second;
}

Service parse_service(std::string_view text) {
  const std::string name = ascii_lower(trim(text));
  std::string all;
  for (const ServiceRow& row : kServices) {
    if (row.name == name) return row.service;
    all += (all.empty() ? "" : ", ") + std::string(row.name);
  }
  invalid("The service '" + std::string(text) + "' is not known.", "Use one of: " + all + ".");
}

std::string_view service_name(Service service) { return row_of(service).name; }
std::string_view service_scheme(Service service) { return row_of(service).scheme; }
ServiceSettings service_settings(Service service) { return row_of(service).settings; }

RegionNames region_names(const Connection& connection, RegionNames regions) {
  const std::string endpoint(service_settings(connection.service).endpoint);
  return connection.setting(endpoint).empty() ? regions : RegionNames::kCustom;
}

Connection make_connection(Service service, std::string name,
                           const std::map<std::string, std::string>& parameters,
                           RegionNames regions) {
  check_connection_name(name);
  Connection connection;
  connection.service = service;
  connection.name = std::move(name);
  fill(connection, parameters);
  check(connection, regions);
  return connection;
}

}  // namespace sluice

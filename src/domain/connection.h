#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"
#include "domain/region.h"

namespace sluice {

enum class Service { kS3, kS3IamRole, kGcsHmac, kGcs, kGcsServiceAccount, kLocal };

/// What `s3_provider` may be: whose S3 API an endpoint speaks (object_store/provider_profile.h).
inline constexpr std::array<std::string_view, 8> kS3Providers = {
    "aws", "minio", "r2", "b2", "gcs", "ceph", "seaweedfs", "generic"};

/// How to reach a store. `settings` may be shown (keys as the API spells them, for example
/// `s3_region`); `secrets` never leave the process and are encrypted in the state database.
struct Connection {
  std::string id;
  std::string name;
  Service service = Service::kLocal;
  std::map<std::string, std::string> settings;
  std::map<std::string, Secret> secrets;
  Timestamp created_at;
  Timestamp updated_at;

  /// The setting, or "" if it is not there.
  std::string setting(const std::string& key) const;
  /// The secret, or an empty one.
  Secret secret(const std::string& key) const;
};

/// Throws kInvalid that lists the services there are.
Service parse_service(std::string_view text);
std::string_view service_name(Service service);
/// What the paths of such a connection begin with: `s3://`, `gs://`, `local://`.
std::string_view service_scheme(Service service);
/// The setting that holds the region and the one that holds the endpoint, "" for none.
struct ServiceSettings {
  std::string_view region;
  std::string_view endpoint;
};
ServiceSettings service_settings(Service service);

/// Makes a connection of parameters as they come from a client: checks that all the service needs
/// is there and well-formed and nothing unknown is. Throws kInvalid that names the parameter. An
/// endpoint of its own allows the connection regions that AWS does not have, too. Id and times are
/// the caller's to fill, and for `s3_iamrole` the setting `s3_iamrole_external_id`, for
/// `gcs_service_account` `account_email`.
Connection make_connection(Service service, std::string name,
                           const std::map<std::string, std::string>& parameters,
                           RegionNames regions = RegionNames::kPublished);

/// Which regions a caller may name for this connection.
RegionNames region_names(const Connection& connection, RegionNames regions);

}  // namespace sluice

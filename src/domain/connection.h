#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/secret.h"

namespace sluice {

enum class Service { kS3, kLocal };

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
};

/// Throws kInvalid that lists the services there are.
Service parse_service(std::string_view text);
std::string_view service_name(Service service);

/// Throws kInvalid for what can't be the name of a store's region.
void check_region(const std::string& region);

/// Makes a connection of parameters as they come from a client: checks that all the service needs
/// is there and well-formed and nothing unknown is. Throws kInvalid that names the parameter.
/// Id and times are the caller's to fill.
Connection make_connection(Service service, std::string name,
                           const std::map<std::string, std::string>& parameters);

}  // namespace sluice

#include "object_store/own_credentials.h"

#include <utility>

#include "base/error.h"
#include "object_store/credentials_file.h"
#include "object_store/metadata_credentials.h"

namespace sluice {
namespace {

/// Somebody may rotate the keys in the file.
constexpr std::chrono::minutes kFileLifetime{10};

IssuedCredentials find(const AwsEnvironment& environment, HttpClient& http, Clock& clock,
                       const std::stop_token& stop) {
  if (!environment.access_key_id.empty() && !environment.secret_access_key.empty()) {
    return {{environment.access_key_id, environment.secret_access_key, environment.session_token}};
  }
  if (auto keys = read_credentials_file(environment.credentials_file, environment.profile)) {
    return {*std::move(keys), clock.now() + kFileLifetime};
  }
  if (auto issued = container_credentials(environment, http, stop)) return *std::move(issued);
  if (auto issued = instance_credentials(environment, http, stop)) return *std::move(issued);
  throw Error(
      ErrorCode::kForbidden, "Sluice has no AWS credentials of its own, so it can assume no role.",
      "Looked in AWS_ACCESS_KEY_ID, the profile '" + environment.profile + "' of " +
          (environment.credentials_file.empty() ? "~/.aws/credentials"
                                                : environment.credentials_file) +
          ", the container's credential service and the instance metadata service: give one of "
          "them keys and start Sluice again.");
}

}  // namespace

std::shared_ptr<CredentialSource> own_credentials(AwsEnvironment environment, HttpClient& http,
                                                  Clock& clock) {
  return refreshed_credentials(
      [environment = std::move(environment), &http, &clock](const std::stop_token& stop) {
        return find(environment, http, clock, stop);
      },
      clock);
}

}  // namespace sluice

#pragma once

#include <string>

#include "base/secret.h"

namespace sluice {

/// What the process is told of its own AWS identity, by the environment variables that AWS's SDKs
/// read (AWS SDKs and Tools Reference Guide, "Settings reference"); read in src/config alone.
struct AwsEnvironment {
  std::string access_key_id;  ///< AWS_ACCESS_KEY_ID
  Secret secret_access_key;   ///< AWS_SECRET_ACCESS_KEY
  Secret session_token;       ///< AWS_SESSION_TOKEN
  /// AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials; empty: there is no home folder.
  std::string credentials_file;
  std::string profile = "default";     ///< AWS_PROFILE
  std::string container_relative_uri;  ///< AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  std::string container_full_uri;      ///< AWS_CONTAINER_CREDENTIALS_FULL_URI
  Secret container_token;              ///< AWS_CONTAINER_AUTHORIZATION_TOKEN
  std::string container_token_file;    ///< AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  bool instance_metadata = true;       ///< Not with AWS_EC2_METADATA_DISABLED=true.
  std::string
      instance_metadata_origin;  ///< AWS_EC2_METADATA_SERVICE_ENDPOINT; empty: 169.254.169.254
  std::string sts_endpoint;      ///< AWS_ENDPOINT_URL_STS; empty: by region.
};

}  // namespace sluice

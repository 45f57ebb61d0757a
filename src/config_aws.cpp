#include "config_aws.h"

#include <cstdlib>

#include "base/encoding.h"

namespace sluice {
namespace {

std::string text_of(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string credentials_file() {
  std::string named = text_of("AWS_SHARED_CREDENTIALS_FILE");
  if (!named.empty()) return named;
  const std::string home = text_of("HOME");
  return home.empty() ? "" : home + "/.aws/credentials";
}

}  // namespace

AwsEnvironment read_aws_environment() {
  AwsEnvironment out;
  out.access_key_id = text_of("AWS_ACCESS_KEY_ID");
  out.secret_access_key = Secret(text_of("AWS_SECRET_ACCESS_KEY"));
  out.session_token = Secret(text_of("AWS_SESSION_TOKEN"));
  out.credentials_file = credentials_file();
  if (const std::string profile = text_of("AWS_PROFILE"); !profile.empty()) out.profile = profile;
  out.container_relative_uri = text_of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  out.container_full_uri = text_of("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  out.container_token = Secret(text_of("AWS_CONTAINER_AUTHORIZATION_TOKEN"));
  out.container_token_file = text_of("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  out.instance_metadata = ascii_lower(text_of("AWS_EC2_METADATA_DISABLED")) != "true";
  out.instance_metadata_origin = text_of("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  out.sts_endpoint = text_of("AWS_ENDPOINT_URL_STS");
  return out;
}

}  // namespace sluice

#include "object_store/metadata_credentials.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "base/error.h"
#include "object_store/s3_address.h"

namespace sluice {
namespace {

using nlohmann::json;

constexpr const char* kContainerOrigin = "http://169.254.170.2";
constexpr const char* kInstanceOrigin = "http://169.254.169.254";
constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";
/// The service is on the same machine: where it is at all, it answers at once.
constexpr std::chrono::seconds kTimeout{2};
constexpr int kAttempts = 2;

HttpResponse ask(HttpClient& http, const char* method, const std::string& url,
                 std::vector<HttpHeader> headers, const std::stop_token& stop) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.headers = std::move(headers);
  request.timeout = kTimeout;
  request.stop = stop;
  for (int attempt = 1;; ++attempt) {
    try {
      return http.send(request);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled || attempt == kAttempts) throw;
    }
  }
}

IssuedCredentials read_keys(const HttpResponse& response, const std::string& who) {
  const Error broken(ErrorCode::kUnavailable,
                     who + " gave no credentials (HTTP " + std::to_string(response.status) + ").",
                     "Check the role of the container or instance that Sluice runs in.");
  if (response.status != 200) throw broken;
  const json body = json::parse(response.body, nullptr, false);
  if (!body.is_object() || body.value("Code", "Success") != "Success") throw broken;
  const auto text = [&](const char* name) {
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  IssuedCredentials issued{
      {text("AccessKeyId"), Secret(text("SecretAccessKey")), Secret(text("Token"))},
      parse_timestamp(text("Expiration"))};
  if (issued.value.access_key.empty() || issued.value.secret_key.empty()) throw broken;
  return issued;
}

std::string container_url(const AwsEnvironment& environment) {
  if (!environment.container_relative_uri.empty()) {
    return kContainerOrigin + environment.container_relative_uri;
  }
  const std::string& url = environment.container_full_uri;
  const std::string name = http_origin(url.substr(0, url.find('/', url.find("://") + 3))).name;
  const bool agent = name == "localhost" || name.starts_with("127.") || name == "[::1]" ||
                     name == "169.254.170.2" || name == "169.254.170.23" ||
                     name == "[fd00:ec2::23]";
  if (!agent && !ascii_lower(url).starts_with("https://")) {
    throw Error(ErrorCode::kInvalid,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI is " + url +
                    ", which is neither https nor the address of a container's agent.",
                "Use https, loopback, 169.254.170.2 or 169.254.170.23.");
  }
  return url;
}

/// The file is written anew by the agent from time to time.
Secret container_token(const AwsEnvironment& environment) {
  if (environment.container_token_file.empty()) return environment.container_token;
  std::ifstream file(environment.container_token_file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    throw Error(ErrorCode::kStorage,
                "The file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE can't be read: " +
                    environment.container_token_file + ".");
  }
  return Secret(std::string(trim(text)));
}

}  // namespace

std::optional<IssuedCredentials> container_credentials(const AwsEnvironment& environment,
                                                       HttpClient& http,
                                                       const std::stop_token& stop) {
  if (environment.container_relative_uri.empty() && environment.container_full_uri.empty()) {
    return std::nullopt;
  }
  std::vector<HttpHeader> headers{{"Accept", "application/json"}};
  const Secret token = container_token(environment);
  if (!token.empty()) headers.push_back({"Authorization", token.reveal()});
  return read_keys(ask(http, "GET", container_url(environment), std::move(headers), stop),
                   "The container's credential service");
}

std::optional<IssuedCredentials> instance_credentials(const AwsEnvironment& environment,
                                                      HttpClient& http,
                                                      const std::stop_token& stop) {
  if (!environment.instance_metadata) return std::nullopt;
  const std::string origin = environment.instance_metadata_origin.empty()
                                 ? std::string(kInstanceOrigin)
                                 : http_origin(environment.instance_metadata_origin).origin;
  HttpResponse answer;
  try {
    answer = ask(http, "PUT", origin + "/latest/api/token",
                 {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}, stop);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    return std::nullopt;  // This machine is no instance of EC2.
  }
  if (answer.status != 200) return std::nullopt;
  const HttpHeader token{"X-aws-ec2-metadata-token", std::string(trim(answer.body))};
  answer = ask(http, "GET", origin + kRolePath, {token}, stop);
  if (answer.status == 404) return std::nullopt;
  const std::string role(trim(std::string_view(answer.body).substr(0, answer.body.find('\n'))));
  if (answer.status != 200 || role.empty()) return std::nullopt;
  return read_keys(ask(http, "GET", origin + kRolePath + percent_encode(role), {token}, stop),
                   "The instance metadata service");
}

}  // namespace sluice

#include "object_store/sts_client.h"

#include <array>
#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/http_date.h"
#include "object_store/fault_text.h"
#include "object_store/retry.h"
#include "object_store/s3_address.h"
#include "object_store/s3_fault.h"

namespace sluice {
namespace {

constexpr const char* kVersion = "2011-06-15";
/// The longest that every role allows, also one that is assumed with the keys of another.
constexpr const char* kDurationSeconds = "3600";
constexpr std::chrono::seconds kTimeout{30};

std::string default_endpoint(const std::string& region) {
  const std::string domain = region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://sts." + region + domain;
}

struct Meaning {
  std::string_view code;
  ErrorCode error;
  std::string_view hint;
};

/// AWS STS API Reference, "Common errors" and the errors of AssumeRole.
constexpr std::array kMeanings = {
    Meaning{"AccessDenied", ErrorCode::kForbidden,
            "Check that the role exists and that its trust policy allows sts:AssumeRole to this "
            "server's principal with this connection's external id: GET "
            "/v0/integrations/s3/policies/trust-policy shows the policy."},
    Meaning{"ValidationError", ErrorCode::kInvalid, "Check the role's ARN."},
    Meaning{"NoSuchEntity", ErrorCode::kForbidden, "Check the role's ARN: there is no such role."},
    Meaning{"RegionDisabledException", ErrorCode::kInvalid,
            "Enable STS for this region in the account, or use another region."},
    Meaning{"InvalidClientTokenId", ErrorCode::kUnauthenticated,
            "The access key that this server has of its own is not known."},
    Meaning{"UnrecognizedClientException", ErrorCode::kUnauthenticated,
            "The access key that this server has of its own is not known."},
    Meaning{"SignatureDoesNotMatch", ErrorCode::kUnauthenticated,
            "The secret key that this server has of its own is wrong."},
    Meaning{"ExpiredToken", ErrorCode::kUnauthenticated,
            "The credentials that this server has of its own have expired."},
    Meaning{"ExpiredTokenException", ErrorCode::kUnauthenticated,
            "The credentials that this server has of its own have expired."},
    Meaning{"RequestExpired", ErrorCode::kUnauthenticated, "Check the clock of this machine."}};

S3Fault read_sts_fault(const HttpResponse& response) {
  S3Fault fault{.status = response.status, .date = response.header("date")};
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  // `ErrorResponse/Error` at AWS; others put more elements around it.
  const pugi::xml_node error =
      document.find_node([](const pugi::xml_node& node) { return node.child("Code") != nullptr; });
  fault.code = one_line(error.child_value("Code"));
  fault.message = one_line(error.child_value("Message"));
  if (response.status == 200) fault.code = kIncompleteAnswer;
  return fault;
}

Error to_sts_error(const S3Fault& fault, const std::string& doing) {
  std::string text = doing + " was refused: ";
  text += fault.code.empty() ? "HTTP " + std::to_string(fault.status) : fault.code;
  if (!fault.message.empty()) text += ", " + fault.message;
  if (!text.ends_with('.')) text += '.';
  for (const Meaning& meaning : kMeanings) {
    if (meaning.code == fault.code) return {meaning.error, text, std::string(meaning.hint)};
  }
  if (may_heal(fault)) {
    return {ErrorCode::kUnavailable, text, "The service has trouble or throttles: try later."};
  }
  const bool refused = fault.status == 401 || fault.status == 403;
  return {refused ? ErrorCode::kForbidden : ErrorCode::kInvalid, text,
          "Check the role's ARN, its trust policy and the endpoint of STS."};
}

bool is_expired(const S3Fault& fault) {
  return fault.code == "ExpiredToken" || fault.code == "ExpiredTokenException";
}

/// Whether STS says that the time of the request is wrong, so that our clock is.
bool is_late(const S3Fault& fault) {
  return fault.code == "RequestExpired" || fault.code == "RequestTimeTooSkewed" ||
         (fault.code == "SignatureDoesNotMatch" &&
          (fault.message.find("expired") != std::string::npos ||
           fault.message.find("not yet current") != std::string::npos));
}

/// What stands in `<Action>Response/<Action>Result` of a success.
pugi::xml_node result_of(const pugi::xml_document& document, const std::string& action) {
  return document.child((action + "Response").c_str()).child((action + "Result").c_str());
}

}  // namespace

StsClient::StsClient(Parts parts, const std::string& endpoint, std::string region)
    : parts_(std::move(parts)), region_(std::move(region)) {
  const HttpOrigin at = http_origin(endpoint.empty() ? default_endpoint(region_) : endpoint);
  origin_ = at.origin;
  host_ = at.host;
}

HttpRequest StsClient::signed_request(const std::string& body, const StoreCredentials& keys,
                                      Timestamp now) const {
  HttpRequest request;
  request.method = "POST";
  request.url = origin_ + "/";
  request.body = body;
  request.body_size = body.size();
  request.timeout = kTimeout;
  const sigv4::Scope scope{region_, "sts", sigv4::amz_date(now)};
  request.headers = {{"Host", host_},
                     {"X-Amz-Date", scope.amz_date},
                     {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  if (!keys.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", keys.session_token.reveal()});
  }
  const sigv4::Request to_sign{"POST", "/", "", request.headers, hex_encode(sha256(body))};
  request.headers.push_back(
      {"Authorization", sigv4::authorization(to_sign, keys, scope, sigv4::PathMode::kGeneral)});
  return request;
}

StsClient::Reply StsClient::call(const std::string& body, const std::string& doing,
                                 const std::stop_token& stop) const {
  Retry retry(parts_.clock, parts_.random, stop);
  bool renewed = false;
  std::optional<std::chrono::microseconds> ahead;
  while (true) {
    const StoreCredentials keys = parts_.own->get(stop);
    const auto correction = ahead.value_or(std::chrono::microseconds(0));
    HttpRequest request = signed_request(body, keys, parts_.clock.now() + correction);
    request.stop = stop;
    std::optional<Error> failure;
    bool throttled = false;
    try {
      HttpResponse response = parts_.http.send(request);
      if (response.status == 200 && !response.body.empty()) {
        return {std::move(response.body), correction};
      }
      const S3Fault fault = read_sts_fault(response);
      if (!ahead && is_late(fault)) {
        if (const auto theirs = parse_http_date(fault.date)) {
          ahead = *theirs - parts_.clock.now();
          continue;
        }
      }
      if (is_expired(fault) && !std::exchange(renewed, true) && parts_.own->renew(keys)) continue;
      failure = to_sts_error(fault, doing);
      throttled = is_throttled(fault);
    } catch (const Error& error) {
      failure = error.within(doing);
    }
    const bool heals =
        failure->code() == ErrorCode::kUnavailable || failure->code() == ErrorCode::kTimeout;
    if (!heals || !retry.again(std::nullopt, throttled)) throw Error(*failure);
  }
}

IssuedCredentials StsClient::assume_role(const AssumeRole& role,
                                         const std::stop_token& stop) const {
  std::string body = std::string("Action=AssumeRole&Version=") + kVersion +
                     "&RoleArn=" + percent_encode(role.role_arn) +
                     "&RoleSessionName=" + percent_encode(role.session_name) +
                     "&DurationSeconds=" + kDurationSeconds;
  if (!role.external_id.empty()) body += "&ExternalId=" + percent_encode(role.external_id);
  const std::string doing = "Assuming the role " + role.role_arn;
  pugi::xml_document document;
  const Reply reply = call(body, doing, stop);
  document.load_buffer(reply.body.data(), reply.body.size());
  const pugi::xml_node keys = result_of(document, "AssumeRole").child("Credentials");
  IssuedCredentials issued{
      {keys.child_value("AccessKeyId"), Secret(keys.child_value("SecretAccessKey")),
       Secret(keys.child_value("SessionToken"))},
      parse_timestamp(keys.child_value("Expiration"))};
  if (issued.value.access_key.empty() || issued.value.secret_key.empty() || !issued.expires_at) {
    throw Error(ErrorCode::kUnavailable, doing + ": " + origin_ + " gave no credentials.",
                "Check that the endpoint is one of AWS STS.");
  }
  // By our own clock, wrong as it may be: it tells us when to ask again.
  *issued.expires_at -= reply.ahead;
  return issued;
}

std::string StsClient::caller_arn(const std::stop_token& stop) const {
  const std::string doing = "Asking STS who this server is";
  pugi::xml_document document;
  const Reply reply =
      call(std::string("Action=GetCallerIdentity&Version=") + kVersion, doing, stop);
  document.load_buffer(reply.body.data(), reply.body.size());
  const std::string arn = result_of(document, "GetCallerIdentity").child_value("Arn");
  if (arn.empty()) throw Error(ErrorCode::kUnavailable, doing + ": the answer names nobody.");
  return arn;
}

}  // namespace sluice

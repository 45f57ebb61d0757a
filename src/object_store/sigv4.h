#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "net/http_client.h"

namespace sluice {

/// What a store knows us by. `session_token` is empty except for temporary credentials.
struct StoreCredentials {
  std::string access_key;
  Secret secret_key;
  Secret session_token;
};

namespace sigv4 {

/// How the path of the URL becomes the canonical URI. AWS General Reference, "Create a signed AWS
/// API request": services other than S3 encode each segment (again) and, unless told otherwise,
/// remove dot segments; S3 signs the path exactly as it is sent.
enum class PathMode { kS3, kGeneral, kGeneralUnnormalised };

/// Everything a signature covers. The caller lists exactly the headers to be signed: `Host`,
/// `X-Amz-Date`, and for S3 `X-Amz-Content-Sha256`, must be among them.
struct Request {
  std::string method;
  std::string path;   ///< As in the request line, beginning with `/`; empty means `/`.
  std::string query;  ///< As in the request line, without `?`.
  std::vector<HttpHeader> headers;
  std::string payload_hash;  ///< Lower-case hex of the body's SHA-256, or UNSIGNED-PAYLOAD.
};

/// Who may use the signature for what, and when.
struct Scope {
  std::string region;
  std::string service = "s3";
  std::string amz_date;  ///< `20150830T123600Z`, as in X-Amz-Date.
};

/// `20150830T123600Z`, UTC.
std::string amz_date(Timestamp time);

/// Names of the signed headers: lower case, sorted, joined by `;`.
std::string signed_headers(const Request& request);
std::string canonical_request(const Request& request, PathMode mode);
std::string string_to_sign(const Scope& scope, std::string_view canonical_request);
/// The derived key, raw bytes. It is good for one day, region and service: a secret.
Secret signing_key(const Secret& secret_key, const Scope& scope);
/// Lower-case hex.
std::string signature(const Secret& signing_key, std::string_view string_to_sign);

/// The value of the `Authorization` header. Pure: the same input gives the same text.
std::string authorization(const Request& request, const StoreCredentials& credentials,
                          const Scope& scope, PathMode mode);

}  // namespace sigv4
}  // namespace sluice

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "net/endpoint_policy.h"

namespace sluice {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// One request out. `url` is sent byte for byte (no path normalisation).
struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<HttpHeader> headers;
  /// The body is `body`, or, when `body_file` is set, `body_size` bytes of that file from
  /// `body_offset`. Both may be empty.
  std::string_view body;
  std::string body_file;
  uint64_t body_offset = 0;
  uint64_t body_size = 0;
  /// For the whole exchange.
  std::chrono::seconds timeout{300};
  /// A transfer that moves less than one byte a second for this long ends as kTimeout. Raise it for
  /// calls over which the other side may think long before it answers.
  std::chrono::seconds stalled = limits::kStalledTransfer;
  std::stop_token stop;
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;
  /// The first header of that name, in any case; empty if there is none.
  std::string header(std::string_view name) const;
};

/// One HTTP/1.1 request out, one response back; libcurl lives behind this. Thread-safe: concurrent
/// `send`s use connections of one pool, which are kept alive. TLS certificates and host names are
/// verified. Proxies of the environment are not used. Redirects are not followed, nothing is
/// retried, with one exception: when a kept-alive connection turns out to be closed before a single
/// byte of the answer, a request other than POST is sent once more on a fresh one
/// (RFC 9112, section 9.3.1). Every status is an answer; an exchange without a complete answer, or
/// one answered with 2xx before the whole body was taken, throws: kUnavailable (DNS, connect, TLS,
/// reset, truncated), kTimeout, kCancelled (stop, within about a second), kTooLarge (answer over
/// limits::kResponseBytes), kStorage (body_file unreadable or too short), kInvalid (URL, header).
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse send(const HttpRequest& request) = 0;
};

/// `policy` says where its requests may go: an address that it refuses is kForbidden, before
/// anything is sent there.
std::unique_ptr<HttpClient> make_curl_client(EndpointPolicy policy = EndpointPolicy::anywhere());

}  // namespace sluice

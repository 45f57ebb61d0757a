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
  /// For the whole exchange; a stalled transfer ends earlier (limits::kStalledTransfer).
  std::chrono::seconds timeout{300};
  std::stop_token stop;
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;
  /// The first header of that name, in any case; empty if there is none.
  std::string header(std::string_view name) const;
};

/// One HTTP request out, one response back; libcurl lives behind this. Thread-safe: concurrent
/// `send`s use connections of one pool. TLS certificates and host names are verified. Redirects are
/// not followed, nothing is retried. Every status is an answer; an exchange without a complete
/// answer throws: kUnavailable (DNS, connect, TLS, reset, truncated), kTimeout, kCancelled (stop),
/// kTooLarge (answer over limits::kResponseBytes), kStorage (body_file unreadable).
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse send(const HttpRequest& request) = 0;
};

std::unique_ptr<HttpClient> make_curl_client();

}  // namespace sluice

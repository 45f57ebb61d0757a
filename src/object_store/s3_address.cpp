#include "object_store/s3_address.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/error.h"

namespace sluice {
namespace {

bool is_label_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

/// Whether a host name can begin with the bucket's. Over TLS the certificate `*.s3...` covers one
/// label, so there a dot rules it out.
bool fits_host(const std::string& bucket, bool tls) {
  if (bucket.size() < 3 || bucket.size() > 63) return false;
  if (!std::all_of(bucket.begin(), bucket.end(),
                   [tls](char c) { return is_label_char(c) || (c == '.' && !tls); })) {
    return false;
  }
  return bucket.front() != '-' && bucket.back() != '-' && bucket.front() != '.' &&
         bucket.back() != '.' && bucket.find("..") == std::string::npos;
}

/// An address has no names below it, and `bucket.localhost` resolves on few machines.
bool is_bare_host(const std::string& name) {
  if (name == "localhost" || name.starts_with('[')) return true;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

std::string default_endpoint(const std::string& region) {
  const std::string domain = region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://s3." + region + domain;
}

}  // namespace

HttpOrigin http_origin(const std::string& endpoint) {
  std::string text(trim(endpoint));
  if (text.find("://") == std::string::npos) text = "https://" + text;
  const bool tls = ascii_lower(text).starts_with("https://");
  if (!tls && !ascii_lower(text).starts_with("http://")) {
    throw Error(ErrorCode::kInvalid, "The endpoint " + text + " is not an http or https address.",
                "Write it as https://host or http://host:port.");
  }
  const size_t begin = text.find("://") + 3;
  const size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  const std::string rest = text.substr(end);
  std::string host = ascii_lower(text.substr(begin, end - begin));
  const std::string default_port = tls ? ":443" : ":80";
  if (host.ends_with(default_port)) host.resize(host.size() - default_port.size());
  const size_t bracket = host.find(']');
  const size_t colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string name = host.substr(0, colon);
  const std::string port = colon == std::string::npos ? "" : host.substr(colon + 1);
  const bool port_ok = port.size() <= 5 && std::all_of(port.begin(), port.end(),
                                                       [](char c) { return c >= '0' && c <= '9'; });
  if (name.empty() || !port_ok || (!rest.empty() && rest != "/") ||
      host.find_first_of(" @\\%\"<>") != std::string::npos) {
    throw Error(ErrorCode::kInvalid, "The endpoint " + text + " is not an address of a store.",
                "Write it as https://host or http://host:port, without path or user name.");
  }
  return {(tls ? "https://" : "http://") + host, host, name, tls};
}

S3Address s3_address(const std::string& endpoint, const std::string& region,
                     const std::string& bucket, bool path_style) {
  const HttpOrigin at = http_origin(trim(endpoint).empty() ? default_endpoint(region) : endpoint);
  if (path_style || is_bare_host(at.name) || !fits_host(bucket, at.tls)) {
    return {at.origin, at.host, "/" + percent_encode(bucket)};
  }
  const std::string scheme = at.tls ? "https://" : "http://";
  return {scheme + bucket + "." + at.host, bucket + "." + at.host, ""};
}

}  // namespace sluice

#pragma once

#include <string>

namespace sluice {

/// An endpoint, taken apart.
struct HttpOrigin {
  std::string origin;  ///< `scheme://host[:port]`.
  std::string host;    ///< As in the Host header: without a scheme's default port.
  std::string name;    ///< The host alone, lower case; an IPv6 address in its brackets.
  bool tls = false;
};

/// Pure; kInvalid for what is no http or https address of a server. Without a scheme https is
/// meant.
HttpOrigin http_origin(const std::string& endpoint);

/// Where a bucket's requests go.
struct S3Address {
  std::string origin;       ///< `scheme://host[:port]`; in virtual-host style the bucket is in it.
  std::string host;         ///< As in the Host header: without a scheme's default port.
  std::string bucket_path;  ///< What stands before `/key`: `/bucket`, or nothing.
};

/// Pure; kInvalid for an endpoint that is no http or https address. See S3Options for the rules
/// (Amazon S3 User Guide, "Virtual hosting of general purpose buckets").
S3Address s3_address(const std::string& endpoint, const std::string& region,
                     const std::string& bucket, bool path_style);

}  // namespace sluice

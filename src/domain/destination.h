#pragma once

#include <string>
#include <string_view>

#include "domain/connection.h"

namespace sluice {

/// A sink's `path`, taken apart. `bucket` is empty for local folders; `prefix` has no slash at
/// either end and may be empty.
struct Destination {
  /// The connection's.
  Service service = Service::kLocal;
  std::string bucket;
  std::string prefix;
};

/// Reads `s3://bucket/prefix`, `gs://bucket/prefix` or `local://prefix`. Throws kInvalid for
/// anything else, for bucket names no store takes, and for a prefix with `.` or `..` segments,
/// control characters or invalid UTF-8. Throws kInvalid, too, when the scheme is not the one of
/// `connection`.
Destination parse_destination(std::string_view path, const Connection& connection);

}  // namespace sluice

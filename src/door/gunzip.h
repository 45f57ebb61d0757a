#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "door/request_head.h"

namespace sluice {

/// Undoes gzip (RFC 1952, several members too) of a request body. Stops with 413 as soon as the
/// result passes `limit` bytes, however little came in; 400 for what is not gzip, is cut off or
/// fails its checksum. zlib itself rather than httplib's decompressor, which takes a body that is
/// cut off for a whole one and knows no limit.
std::variant<std::string, Fault> gunzip(std::string_view bytes, size_t limit);

}  // namespace sluice

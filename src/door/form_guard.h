#pragma once

#include <optional>
#include <string_view>

#include "door/request_head.h"

namespace sluice {

/// Looks over a multipart/form-data body before httplib takes it apart. httplib reads part headers
/// with backtracking regular expressions, whose time grows with a high power of the length of the
/// line, so a line over 512 bytes is refused; so are more than 1,000 parts.
std::optional<Fault> check_form(std::string_view content_type, std::string_view body);

/// Whether the media type of a Content-Type is multipart/form-data.
bool is_multipart_form(std::string_view content_type);

}  // namespace sluice

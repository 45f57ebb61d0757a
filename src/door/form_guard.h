#pragma once

#include <optional>
#include <string_view>

#include "door/request_head.h"

namespace sluice {

/// Whether the media type of a Content-Type is multipart/form-data.
bool is_multipart_form(std::string_view content_type);

/// The boundary that a Content-Type names; empty if there is none or if it is not 1 to 70 of the
/// characters that RFC 2046, section 5.1.1, allows.
std::string_view form_boundary(std::string_view content_type);

/// Whether the body is a form without any part: RFC 2046 has none such, but clients send them.
bool is_empty_form(std::string_view boundary, std::string_view body);

/// Looks over a multipart/form-data body before httplib takes it apart. httplib reads part headers
/// with backtracking regular expressions, whose time grows with a high power of the length of the
/// line, so a line over 512 bytes is refused; so are more than 1,000 parts.
std::optional<Fault> check_form(std::string_view boundary, std::string_view body);

}  // namespace sluice

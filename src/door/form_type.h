#pragma once

#include <string_view>

namespace sluice {

/// Whether the media type of a Content-Type is multipart/form-data.
bool is_multipart_form(std::string_view content_type);

/// The boundary that a Content-Type names; empty if there is none or if it is not 1 to 70 of the
/// characters that RFC 2046, section 5.1.1, allows.
std::string_view form_boundary(std::string_view content_type);

}  // namespace sluice

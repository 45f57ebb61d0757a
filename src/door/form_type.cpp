#include "door/form_type.h"

#include <algorithm>

#include "door/ascii.h"

namespace sluice {
namespace {

constexpr size_t kBoundaryBytes = 70;

bool is_boundary_char(char c) {
  const bool letter = lower_ascii(c) >= 'a' && lower_ascii(c) <= 'z';
  const bool digit = c >= '0' && c <= '9';
  return letter || digit ||
         (c != '\0' && std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos);
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

bool is_multipart_form(std::string_view content_type) {
  return equal_ignoring_case(trim_blanks(content_type.substr(0, content_type.find(';'))),
                             "multipart/form-data");
}

std::string_view form_boundary(std::string_view content_type) {
  constexpr std::string_view kKey = "boundary=";
  // No boundary holds a semicolon, so a quoted one needs no care.
  for (size_t at = content_type.find(';'); at != std::string_view::npos;
       at = content_type.find(';', at + 1)) {
    std::string_view parameter = content_type.substr(at + 1);
    parameter = trim_blanks(parameter.substr(0, parameter.find(';')));
    if (!equal_ignoring_case(parameter.substr(0, kKey.size()), kKey)) continue;
    const std::string_view boundary = without_quotes(parameter.substr(kKey.size()));
    const bool valid = boundary.size() <= kBoundaryBytes && !boundary.ends_with(' ') &&
                       std::ranges::all_of(boundary, is_boundary_char);
    return valid ? boundary : std::string_view();
  }
  return {};
}

}  // namespace sluice

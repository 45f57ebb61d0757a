#include "door/form_guard.h"

#include <string>

#include "door/ascii.h"

namespace sluice {
namespace {

constexpr size_t kPartLineBytes = 512;
constexpr size_t kParts = 1000;
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

bool is_empty_form(std::string_view boundary, std::string_view body) {
  if (boundary.empty()) return false;
  if (body.ends_with("\r\n")) body.remove_suffix(2);
  return body == "--" + std::string(boundary) + "--";
}

std::optional<Fault> check_form(std::string_view boundary, std::string_view body) {
  if (boundary.empty()) {
    return Fault{400, "The multipart/form-data body has no valid boundary."};
  }
  const std::string delimiter = "--" + std::string(boundary);
  size_t parts = 0;
  for (size_t at = body.find(delimiter); at != std::string_view::npos;
       at = body.find(delimiter, at)) {
    at += delimiter.size();
    if (++parts > kParts) return Fault{400, "The multipart/form-data body has too many parts."};
    // The rest of the delimiter's line, the part's headers, up to and with the empty line.
    while (true) {
      const size_t end = body.find("\r\n", at);
      const size_t size = (end == std::string_view::npos ? body.size() : end) - at;
      if (size > kPartLineBytes) {
        return Fault{400, "A header line of a multipart/form-data part is too long."};
      }
      if (end == std::string_view::npos) return std::nullopt;
      at = end + 2;
      if (body.substr(at).starts_with("\r\n")) break;
    }
  }
  return std::nullopt;
}

}  // namespace sluice

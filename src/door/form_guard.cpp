#include "door/form_guard.h"

#include <string>

#include "door/ascii.h"

namespace sluice {
namespace {

constexpr size_t kPartLineBytes = 512;
constexpr size_t kParts = 1000;
/// RFC 2046, section 5.1.1: a boundary has 1 to 70 characters.
constexpr size_t kBoundaryBytes = 70;

/// As httplib finds it, so that both see the same parts.
std::string_view boundary_of(std::string_view content_type) {
  constexpr std::string_view kKey = "boundary=";
  const size_t at = content_type.find(kKey);
  if (at == std::string_view::npos) return {};
  std::string_view value = content_type.substr(at + kKey.size());
  value = value.substr(0, value.find(';'));
  const bool quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

bool is_multipart_form(std::string_view content_type) {
  return equal_ignoring_case(trim_blanks(content_type.substr(0, content_type.find(';'))),
                             "multipart/form-data");
}

std::optional<Fault> check_form(std::string_view content_type, std::string_view body) {
  const std::string_view boundary = boundary_of(content_type);
  if (boundary.empty() || boundary.size() > kBoundaryBytes) {
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

#include "door/form_parts.h"

#include <utility>

#include "door/form_scanner.h"

namespace sluice {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;
constexpr uint64_t kFieldBytes = 64 * 1024;
constexpr uint64_t kAllFieldsBytes = 1024 * 1024;

FormPart named(FormScanner::Part& found) {
  return {std::move(found.name), std::move(found.filename), std::move(found.content_type), {}};
}

}  // namespace

FormParts read_form(std::string_view boundary, std::string_view body) {
  FormScanner scanner(boundary);
  scanner.feed(body);
  auto found = scanner.finish();
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  std::vector<FormPart> parts;
  for (FormScanner::Part& part : std::get<0>(found)) {
    parts.push_back(named(part));
    parts.back().content =
        body.substr(static_cast<size_t>(part.begin), static_cast<size_t>(part.size));
  }
  return parts;
}

FormParts read_form(std::string_view boundary, const std::shared_ptr<const ByteRange>& upload) {
  FormScanner scanner(boundary);
  std::string piece(kPieceBytes, '\0');
  uint64_t at = 0;
  while (const size_t size = upload->read(at, piece.data(), piece.size())) {
    if (!scanner.feed({piece.data(), size})) break;
    at += size;
  }
  auto found = scanner.finish();
  if (const Fault* fault = std::get_if<Fault>(&found)) return *fault;
  std::vector<FormPart> parts;
  uint64_t fields = 0;
  for (FormScanner::Part& part : std::get<0>(found)) {
    parts.push_back(named(part));
    parts.back().range = part_of(upload, part.begin, part.size);
    if (!parts.back().filename.empty() || part.size > kFieldBytes) continue;
    fields += part.size;
    if (fields <= kAllFieldsBytes) parts.back().content = bytes_of(*parts.back().range);
  }
  return parts;
}

}  // namespace sluice

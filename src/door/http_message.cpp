#include "door/http_message.h"

#include "door/ascii.h"

namespace sluice {

const Header* find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return &header;
  }
  return nullptr;
}

std::string DoorRequest::header(std::string_view name) const {
  const Header* found = find_header(headers, name);
  return found ? found->value : std::string();
}

std::shared_ptr<const ByteRange> body_range(const DoorRequest& request) {
  return request.upload ? request.upload : range_in_memory(request.body);
}

std::shared_ptr<const ByteRange> body_range(const FormPart& part) {
  return part.range ? part.range : range_in_memory(part.content);
}

}  // namespace sluice

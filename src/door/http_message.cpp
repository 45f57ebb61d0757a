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

}  // namespace sluice

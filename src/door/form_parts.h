#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "door/http_message.h"
#include "door/request_head.h"

namespace sluice {

using FormParts = std::variant<std::vector<FormPart>, Fault>;

/// The parts of a multipart/form-data body in memory, in the order in which they came; their
/// contents are copied. What is malformed is a fault of 400 (FormScanner).
FormParts read_form(std::string_view boundary, std::string_view body);

/// The same for a body on the disk, which is read once, a piece at a time. Parts are ranges of it;
/// fields that are no files and short (64 KiB each, 1 MiB together) have their content, too. Throws
/// kStorage.
FormParts read_form(std::string_view boundary, const std::shared_ptr<const ByteRange>& upload);

}  // namespace sluice

#pragma once

#include <string>

#include "base/error.h"
#include "door/http_message.h"

namespace sluice {

/// The one table from what went wrong to an HTTP status.
int http_status(ErrorCode code);

/// The body of every failure: `{"error": sentence, "documentation": link}`.
DoorResponse error_response(const Error& error, const std::string& documentation = "/docs");

}  // namespace sluice

#include "api/errors.h"

#include <nlohmann/json.hpp>

namespace sluice {
int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kForbidden:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
    case ErrorCode::kCancelled:
      return 409;
    case ErrorCode::kTooLarge:
      return 413;
    case ErrorCode::kTooMany:
      return 429;
    case ErrorCode::kUnavailable:
      return 502;
    case ErrorCode::kTimeout:
      return 504;
    case ErrorCode::kBusy:
      return 503;
    case ErrorCode::kStorage:
      return 507;
    case ErrorCode::kCorrupt:
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;
}

DoorResponse error_response(const Error& error, const std::string& documentation) {
  // `replace` keeps an answer possible where a message quotes bytes that are not UTF-8.
  const nlohmann::json body = {{"error", error.what()}, {"documentation", documentation}};
  DoorResponse response;
  response.status = http_status(error.code());
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (error.code() == ErrorCode::kTooMany || error.code() == ErrorCode::kBusy)
    response.headers.push_back({"Retry-After", "5"});
  return response;
}

}  // namespace sluice

#include "base/error.h"

#include <utility>

namespace sluice {
namespace {

std::string sentence(const std::string& message, const std::string& hint) {
  return hint.empty() ? message : message + " " + hint;
}

}  // namespace

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kForbidden:
      return "forbidden";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kTooMany:
      return "too_many";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kBusy:
      return "busy";
    case ErrorCode::kStorage:
      return "storage";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorCode code, std::string message, std::string hint)
    : std::runtime_error(sentence(message, hint)),
      code_(code),
      message_(std::move(message)),
      hint_(std::move(hint)) {}

Error Error::within(std::string_view doing) const {
  return {code_, std::string(doing) + ": " + message_, hint_};
}

}  // namespace sluice

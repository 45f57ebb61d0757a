#include "base/error.h"

#include <utility>

namespace sluice {
namespace {

/// A NUL would end the text early wherever it is handled as a C string.
std::string without_nul(std::string text) {
  for (size_t at = text.find('\0'); at != std::string::npos; at = text.find('\0', at)) {
    text.replace(at, 1, "\\x00");
  }
  return text;
}

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
    : std::runtime_error(without_nul(sentence(message, hint))),
      code_(code),
      message_(without_nul(std::move(message))),
      hint_(without_nul(std::move(hint))) {}

Error Error::within(std::string_view doing) const {
  return {code_, std::string(doing) + ": " + message_, hint_};
}

}  // namespace sluice

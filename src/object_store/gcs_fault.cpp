#include "object_store/gcs_fault.h"

#include <nlohmann/json.hpp>

#include "object_store/fault_text.h"

namespace sluice {
namespace {

using nlohmann::json;

ErrorCode code_of(const GcsFault& fault) {
  switch (fault.status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kForbidden;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
    case 412:
      return ErrorCode::kConflict;
    case 413:
      return ErrorCode::kTooLarge;
    default:
      return ErrorCode::kInvalid;
  }
}

std::string hint_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnauthenticated:
      return "Check the account's key.";
    case ErrorCode::kForbidden:
      return "Give the account the role Storage Object User on the bucket.";
    case ErrorCode::kNotFound:
      return "Check the bucket's name in the path, and the endpoint.";
    case ErrorCode::kUnavailable:
      return "The store has trouble or throttles: try again later.";
    default:
      return "";
  }
}

}  // namespace

GcsFault read_gcs_fault(const HttpResponse& response) {
  GcsFault fault{.status = response.status};
  const json body = json::parse(response.body, nullptr, false);
  const auto error = body.is_object() ? body.find("error") : body.end();
  if (error == body.end()) return fault;
  if (!error->is_object()) {
    if (error->is_string()) fault.message = one_line(error->get<std::string>());
    return fault;
  }
  const auto message = error->find("message");
  if (message != error->end() && message->is_string()) {
    fault.message = one_line(message->get<std::string>());
  }
  const json::json_pointer reason("/errors/0/reason");
  if (error->contains(reason) && error->at(reason).is_string()) {
    fault.reason = one_line(error->at(reason).get<std::string>());
  }
  return fault;
}

bool may_heal(const GcsFault& fault) {
  if (fault.status == 501) return false;
  return fault.status == 408 || fault.status == 429 || fault.status >= 500 || fault.status < 300;
}

Error to_error(const GcsFault& fault, const std::string& doing) {
  std::string text = "The store refused " + doing + ": HTTP " + std::to_string(fault.status);
  if (!fault.reason.empty()) text += " " + fault.reason;
  if (!fault.message.empty()) text += ", " + fault.message;
  if (!text.ends_with('.')) text += '.';
  const ErrorCode code = may_heal(fault) ? ErrorCode::kUnavailable : code_of(fault);
  return {code, text, hint_of(code)};
}

}  // namespace sluice

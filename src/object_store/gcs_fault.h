#pragma once

#include <string>

#include "base/error.h"
#include "net/http_client.h"

namespace sluice {

/// What Google Cloud Storage answered instead of a success (cloud.google.com/storage/docs/json_api/
/// v1/status-codes).
struct GcsFault {
  int status = 0;
  std::string reason = {};   ///< `notFound`, `forbidden`...; empty where the answer named none.
  std::string message = {};  ///< Google's own sentence, one line, bounded.
};

GcsFault read_gcs_fault(const HttpResponse& response);

/// Whether the same call may succeed later.
bool may_heal(const GcsFault& fault);

/// `doing` as in "writing gs://bucket/key".
Error to_error(const GcsFault& fault, const std::string& doing);

}  // namespace sluice

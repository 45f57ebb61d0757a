#pragma once

#include "base/error.h"

namespace sluice {

/// Whether the same work may succeed later without anyone changing anything.
inline bool may_heal(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTooMany:
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable:
    case ErrorCode::kBusy:
      return true;
    default:
      return false;
  }
}

}  // namespace sluice

#pragma once

#include <chrono>

#include "pipeline/export.h"

namespace sluice {

/// What the jobs of these tests may use.
inline ExportLimits test_limits(std::chrono::seconds run_time = std::chrono::seconds(60)) {
  ExportLimits limits;
  limits.run_time = run_time;
  return limits;
}

}  // namespace sluice

#pragma once

#include <string>

#include "domain/job.h"

namespace sluice {

/// How a plan stands in `jobs.plan`.
std::string plan_to_json(const JobPlan& plan);
JobPlan plan_from_json(const std::string& text);

}  // namespace sluice

#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "domain/job.h"

namespace sluice {

/// How a plan stands in `jobs.plan`.
std::string plan_to_json(const JobPlan& plan);
JobPlan plan_from_json(const std::string& text);

/// How file options stand in `jobs.plan` and `sinks.options`: an object of those that are not as
/// they are by default.
FileOptions file_options_from_json(const nlohmann::json& stored);

}  // namespace sluice

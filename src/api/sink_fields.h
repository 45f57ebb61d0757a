#pragma once

#include <set>
#include <string>

#include "api/parameters.h"
#include "catalog/sink_catalog.h"

namespace sluice {

/// The parameters that say where a sink goes and how; a run may override any of them.
const std::set<std::string>& sink_fields();
/// Those that say when a sink runs by itself.
const std::set<std::string>& schedule_fields();

/// What the call says of a sink, its schedule and region included.
SinkParameters sink_parameters(const Parameters& from);
/// `schedule_cron=@once`: run the new sink now.
bool wants_one_run(const SinkParameters& parameters);

}  // namespace sluice

#pragma once

#include <string>

#include "domain/pipe.h"

namespace sluice {

/// What a sink may ask for where the cluster writes its files itself (execution=cluster): throws
/// kInvalid for a node that runs on no cluster, and for what a cluster can't do as we would.
/// Nothing to check where Sluice writes them.
void check_cluster_execution(const SinkSettings& settings, const std::string& engine);

}  // namespace sluice

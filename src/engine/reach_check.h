#pragma once

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/sqlite_engine.h"

namespace sluice {

/// See Engine::check_reach. Nothing is concluded from the statement's text: it is compiled where
/// nothing but empty stand-ins of what is within reach exists, under the names that it would find
/// them by; the query's other views are there as views that can't be read, so that none of their
/// names can mean a table.
void check_within_reach(const SqliteEngineOptions& options, Clock& clock, const Query& query,
                        const Reach& reach);

}  // namespace sluice

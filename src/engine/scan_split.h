#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/sqlite_engine.h"

namespace sluice {

/// Splits a statement by ranges of the rowid of the one table it scans, each lane with a connection
/// and a snapshot of its own. Null unless SQLite's own program for the statement shows that it is a
/// single pass over one rowid table, in rowid order, each row by itself (no aggregate, sort, limit,
/// distinct, subquery), the same holds with a range added, and all snapshots are of one version.
std::unique_ptr<SplitScan> split_scan(const SqliteEngineOptions& options, Clock& clock,
                                      const Query& query, std::chrono::seconds run_time,
                                      const std::stop_token& stop, const SplitWish& wish);

}  // namespace sluice

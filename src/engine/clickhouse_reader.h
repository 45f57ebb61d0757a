#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "engine/clickhouse_client.h"
#include "engine/engine.h"

namespace sluice {

/// What a reader of a cluster's rows works with.
struct ClickhouseRun {
  ClickhouseRequest request;  ///< Of the format Native.
  std::vector<ColumnInfo> columns;
  size_t block_bytes = 64ULL * 1024 * 1024;  ///< Most that one block may take.
};

/// Sends the statement; the rows come in blocks of the Native format. `client` must outlive the
/// reader. Destroyed before its end it ends the query on the cluster, too.
std::unique_ptr<RowReader> make_clickhouse_reader(ClickhouseClient& client, ClickhouseRun run);

}  // namespace sluice

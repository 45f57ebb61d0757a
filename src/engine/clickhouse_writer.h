#pragma once

#include <functional>
#include <memory>

#include "base/random.h"
#include "engine/clickhouse_client.h"
#include "engine/cluster_writer.h"

namespace sluice {

/// The columns of a composed statement; throws for whatever is no query.
using DescribeSql =
    std::function<std::vector<ColumnInfo>(const std::string& sql, const std::stop_token& stop)>;

/// ClickHouse writing to S3 by its table function. All that it is given must outlive it.
std::unique_ptr<ClusterWriter> make_clickhouse_writer(ClickhouseClient& client, Random& random,
                                                      DescribeSql describe);

}  // namespace sluice

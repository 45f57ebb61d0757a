#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/cluster_writer.h"

namespace sluice {

// The statements of a cluster that writes files itself, over ClickHouse's table function s3()
// (clickhouse.com/docs/sql-reference/table-functions/s3). They hold the store's keys: the server
// leaves those out of its logs.

/// Writes the rows of `sql`, a checked query, into the target's folder.
std::string insert_into_s3(const std::string& sql, const std::vector<ColumnInfo>& columns,
                           const ClusterTarget& target);
/// A row for each file of the folder: `file`, `row_count`, and `key_1`, `key_2`... for its keys.
std::string read_back_from_s3(const std::vector<ColumnInfo>& columns, const ClusterTarget& target);
/// What makes the files as the options say.
std::vector<std::pair<std::string, std::string>> s3_settings(const ClusterTarget& target);

}  // namespace sluice

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace sluice {

/// A cluster that pipes can run on, as `--clickhouse` names it.
struct ClickhouseCluster {
  std::string name;
  std::vector<std::string> origins;  ///< `http://host:8123`, asked in this order.
  std::string user;                  ///< Empty: the server's default.
  Secret password;
  std::string database;  ///< Empty: the user's default.
};

/// Reads `NAME=http://user:password@host:8123,host2:8123/database`; user and password are
/// percent-encoded. Throws kInvalid, without the password.
ClickhouseCluster parse_clickhouse_cluster(std::string_view text);

}  // namespace sluice

#pragma once

#include <memory>

#include "base/random.h"
#include "engine/clickhouse_client.h"
#include "engine/engine.h"

namespace sluice {

/// A ClickHouse cluster over HTTP. It reads as the cluster's user; what that one may read is the
/// cluster's to say. Statements run with readonly = 2 and are described first, so that nothing but
/// a query is ever sent. `random` must outlive the engine.
std::unique_ptr<Engine> make_clickhouse_engine(ClickhouseCluster cluster, OpenStream open,
                                               Random& random);

}  // namespace sluice

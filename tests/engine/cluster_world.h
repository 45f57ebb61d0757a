#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/clickhouse_engine.h"
#include "engine/clickhouse_world.h"
#include "support/caught.h"
#include "support/fake_random.h"

namespace sluice {

/// A block of the one column `a`, a byte a row.
inline std::string block(const std::string& values) {
  return native_block(values.size(), {{"a", "UInt8", values}});
}

/// The engine over a cluster of two hosts in memory.
class ClickhouseEngineTest : public testing::Test {
 protected:
  ScriptedAnswer answer(const ScriptedCluster::Seen& seen) {
    if (seen.sql.starts_with("DESCRIBE")) return {200, {described}, false};
    if (seen.sql.starts_with("EXPLAIN") || seen.sql.starts_with("KILL")) return {200, {}, false};
    if (down.contains(seen.url.substr(0, seen.url.find('/', 7)))) {
      throw Error(ErrorCode::kUnavailable, "No complete answer.");
    }
    return rows;
  }

  /// Everything to the end, as numbers.
  std::vector<int> read(const Query& query = {{}, "SELECT a FROM t"}) {
    const auto reader = engine->open(query, std::chrono::seconds(60), {});
    std::vector<int> out;
    Batch batch;
    while (reader->next(batch)) {
      for (size_t row = 0; row < batch.rows(); ++row) {
        out.push_back(static_cast<int>(batch.at(0, row).integer));
      }
    }
    return out;
  }
  Error failure() {
    return caught([&] { read(); });
  }
  size_t kills() const {
    size_t count = 0;
    for (const auto& seen : cluster.seen) count += seen.sql.starts_with("KILL") ? 1 : 0;
    return count;
  }

  std::string described = "a\tUInt8\t\t\t\n";
  ScriptedAnswer rows;
  std::set<std::string> down;
  ScriptedCluster cluster{[this](const ScriptedCluster::Seen& seen) { return answer(seen); }};
  FakeRandom random;
  std::unique_ptr<Engine> engine = make_clickhouse_engine(
      parse_clickhouse_cluster("ch=http://me:secret@one:1,two:2/shop"), cluster.opener(), random);
};

}  // namespace sluice

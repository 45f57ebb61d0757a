#include "engine/clickhouse_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cluster_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(ClickhouseEngineTest, OnlyQueriesAreSent) {
  for (const char* sql : {"INSERT INTO t SELECT 1", "-- x\n DROP TABLE t", "KILL QUERY WHERE 1",
                          "SET readonly = 0", "EXPLAIN SELECT 1"}) {
    EXPECT_EQ(caught([&] { engine->describe({{}, sql}); }).code(), ErrorCode::kForbidden) << sql;
  }
  EXPECT_EQ(caught([&] { engine->describe({{}, " ; "}); }).code(), ErrorCode::kInvalid);
  EXPECT_TRUE(cluster.seen.empty());
  engine->describe({{}, "SELECT 1) -- "});
  EXPECT_EQ(cluster.seen.at(0).sql, "DESCRIBE TABLE (\nSELECT 1)\n)");
}

TEST_F(ClickhouseEngineTest, ColumnsHaveTheServersTypes) {
  described =
      "a b\\tc\tTuple(\\n    x UInt8,\\n    y Array(\\n        String))\t\t\t\n"
      "d\tLowCardinality(String)\t\t\t\n";
  const QueryInfo info = engine->describe({{}, "SELECT * FROM shop.t JOIN u USING (x)"});
  ASSERT_EQ(info.columns.size(), 2U);
  EXPECT_EQ(info.columns[0].name, "a b\tc");
  EXPECT_EQ(info.columns[0].declared_type, "Tuple(x UInt8, y Array(String))");
  EXPECT_EQ(info.columns[1].type->kind, ColumnKind::kText);
  EXPECT_THAT(info.tables, ElementsAre("shop.t", "u"));
  described = "s\tAggregateFunction(sum, UInt64)\t\t\t\n";
  const Error error = caught([&] { engine->describe({{}, "SELECT 1"}); });
  EXPECT_THAT(error.what(), HasSubstr("The column 's' is of the type AggregateFunction"));
  EXPECT_THAT(error.hint(), HasSubstr("CAST"));
}

TEST_F(ClickhouseEngineTest, StatementsOfCallersAreNotForEverybody) {
  EXPECT_EQ(caught([&] {
              engine->check_reach({{}, "SELECT 1"}, {});
            }).code(),
            ErrorCode::kForbidden);
}

}  // namespace
}  // namespace sluice

#include "engine/sql_aggregate.h"

#include "engine/function_world.h"

namespace sluice {
namespace {

using SqlAggregateTest = FunctionTest;
using testing::HasSubstr;

TEST_F(SqlAggregateTest, TheConditionIsTheLastArgument) {
  expect({{"groupArrayIf(i, i > 6) FROM shop.n", "'[7,8,9]'"},
          {"groupArrayIf(2, i, i > 6) FROM shop.n", "'[7,8]'"},
          {"countIf(i > 6), countIf(NULL) FROM shop.n", "3,0"}});
}

TEST_F(SqlAggregateTest, MovesWithAWindowWhereItCan) {
  EXPECT_EQ(
      world_.rows("SELECT sumIf(i, i <> 2) OVER (ORDER BY i ROWS 1 PRECEDING), countIf(i > 1) "
                  "OVER (ORDER BY i ROWS 1 PRECEDING) FROM shop.n WHERE i < 5"),
      (std::vector<std::string>{"0,0", "1,0", "1,1", "3,2", "7,2"}));
  EXPECT_EQ(world_.rows("SELECT groupArray(i) OVER (ORDER BY i) FROM shop.n WHERE i < 3"),
            (std::vector<std::string>{"'[0]'", "'[0,1]'", "'[0,1,2]'"}));
  EXPECT_THAT(fault("uniq(i) OVER (ORDER BY i ROWS 1 PRECEDING) FROM shop.n"),
              HasSubstr("uniq(): works in a window only while no row leaves it"));
}

TEST_F(SqlAggregateTest, MemoryIsBounded) {
  const std::string rows =
      "FROM (WITH RECURSIVE c(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM c WHERE i < 200) "
      "SELECT i, hex(zeroblob(500000)) AS text FROM c)";
  const Error error = caught([&] { value("groupArray(text || i) " + rows); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_THAT(error.message(), HasSubstr("groupArray(): "));
  // What one group held is free for the next.
  EXPECT_EQ(world_.rows("SELECT max(JSONLength(a)) FROM (SELECT groupArray(text || i) AS a " +
                        rows + " GROUP BY i % 10)"),
            (std::vector<std::string>{"21"}));
}

}  // namespace
}  // namespace sluice

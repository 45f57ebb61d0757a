#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlAggregatesTest = FunctionTest;

TEST_F(SqlAggregatesTest, OfNoRows) {
  expect(
      {{"countIf(i), sumIf(i, 1), avgIf(i, 1), minIf(i, 1) FROM shop.n WHERE i > 99",
        "0,0,null,null"},
       {"any(i), argMax(i, r), uniq(i), varPop(i) FROM shop.n WHERE i > 99", "null,null,0,null"}});
}

TEST_F(SqlAggregatesTest, Conditional) {
  expect({{"sumIf(i, i > 3), sumIf(r, i > 3), sumIf(i, i > 99) FROM shop.n", "39,19.5,0"},
          {"avgIf(i, i > 3), avgIf(i, i > 99) FROM shop.n", "6.5,null"},
          {"minIf(t, i > 3), maxIf(i, i < 5), minIf(t, i = 0) FROM shop.n", "'t1',4,null"},
          {"anyIf(i, i > 3), anyLastIf(i, i < 3) FROM shop.n", "4,2"},
          {"argMaxIf(t, i, i < 5), argMinIf(i, r, i > 5) FROM shop.n", "'t1',6"},
          {"uniqIf(i, i > 3), uniqExactIf(t, i, i > 3) FROM shop.n", "6,4"}});
}

TEST_F(SqlAggregatesTest, NullIsNoValue) {
  expect({{"any(t), anyLast(t) FROM shop.n", "'t1','t2'"},
          {"uniq(t), uniqExact(t, i % 3) FROM shop.n", "2,2"},
          {"argMax(t, i), argMin(t, i), argMax(i, t) FROM shop.n", "'t2','t1',2"}});
}

TEST_F(SqlAggregatesTest, TheFirstOfEqualRowsCounts) {
  expect({{"argMax(i, i % 3), argMin(i, i % 3) FROM shop.n", "2,0"}});
}

TEST_F(SqlAggregatesTest, OneAndOnePointZeroAreOneValue) {
  expect({{"uniq(x) FROM (SELECT 1 AS x UNION ALL SELECT 1.0 UNION ALL SELECT '1')", "2"}});
}

TEST_F(SqlAggregatesTest, Spread) {
  expect({{"round(stddevPop(i), 6), round(varSamp(i), 6) FROM shop.n", "2.872281,9.166667"},
          {"varPop(i), stddevSamp(i), varSamp(i) FROM shop.n WHERE i = 1", "0.0,null,null"}});
}

TEST_F(SqlAggregatesTest, ASumBeyond64BitsIsAnError) {
  EXPECT_THAT(fault("sumIf(9223372036854775807, i < 2) FROM shop.n"),
              HasSubstr("more than 64 bits"));
}

TEST_F(SqlAggregatesTest, UniqBeyondAMillionIsNear) {
  const std::string rows =
      "FROM (WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c WHERE i < 1500000) "
      "SELECT i FROM c)";
  EXPECT_EQ(value("uniq(i % 900000) " + rows), "900000");
  EXPECT_EQ(value("uniqExact(i) " + rows), "1500000");
  EXPECT_NEAR(std::stod(value("uniq(i) " + rows)), 1500000, 15000);
}

}  // namespace
}  // namespace sluice

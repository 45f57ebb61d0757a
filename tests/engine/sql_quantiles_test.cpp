#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlQuantilesTest = FunctionTest;

TEST_F(SqlQuantilesTest, InBothWaysOfWriting) {
  expect(
      {{"quantile(0.9)(i), quantile(0.9, i), quantile(i) FROM shop.n", "8.1,8.1,4.5"},
       {"median(i), quantileIf(0.9)(i, i > 3), medianIf(i, i > 7) FROM shop.n", "4.5,8.5,8.5"},
       {"quantileExact(0.5)(i), quantileExact(0.9)(i), quantileExact(1)(r) FROM shop.n", "5,9,4.5"},
       {"quantiles(0.5, 0.9)(i), quantilesExact(0, 1)(i) FROM shop.n", "'[4.5,8.1]','[0,9]'"},
       {"quantile(i), quantileExact(i), quantiles(0.5)(i) FROM shop.n WHERE i > 99",
        "null,null,'[]'"}});
}

TEST_F(SqlQuantilesTest, LevelsAreBetweenZeroAndOne) {
  EXPECT_THAT(fault("quantile(1.5)(i) FROM shop.n"), HasSubstr("is no level between 0 and 1"));
  EXPECT_THAT(fault("quantile('x')(i) FROM shop.n"), HasSubstr("is no number"));
}

TEST_F(SqlQuantilesTest, OfMoreThanASampleHolds) {
  const std::string rows =
      "FROM (WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c WHERE i < 1200000) "
      "SELECT i FROM c)";
  EXPECT_NEAR(std::stod(value("quantile(0.5)(i) " + rows)), 600000, 6000);
  EXPECT_EQ(value("quantile(0.25)(i) " + rows), value("quantile(0.25)(i) " + rows));
  EXPECT_EQ(value("quantileExact(0.5)(i) " + rows), "600001");
}

}  // namespace
}  // namespace sluice

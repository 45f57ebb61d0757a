#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlArrayAggregatesTest = FunctionTest;

TEST_F(SqlArrayAggregatesTest, GivesJson) {
  expect({{"groupArray(i) FROM shop.n WHERE i < 3", "'[0,1,2]'"},
          {"groupArray(t) FROM shop.n WHERE i < 4", "'[\"t1\",\"t2\"]'"},
          {"groupArray(r) FROM shop.n WHERE i < 3", "'[0,0.5,1]'"},
          {"groupArray(i) FROM shop.n WHERE i > 99", "'[]'"},
          {"groupArray(3)(i) FROM shop.n", "'[0,1,2]'"},
          {"json_array(groupArray(i), groupArray(json_object('a', i))) FROM shop.n WHERE i < 2",
           "'[[0,1],[{\"a\":0},{\"a\":1}]]'"},
          {"groupUniqArray(i % 3) FROM shop.n", "'[0,1,2]'"},
          {"groupUniqArray(2)(t) FROM shop.n", "'[\"t1\",\"t2\"]'"},
          {"topK(2)(i % 3) FROM shop.n", "'[0,1]'"},
          {"topK(t) FROM shop.n", "'[\"t1\",\"t2\"]'"}});
}

TEST_F(SqlArrayAggregatesTest, ABlobIsRefused) {
  EXPECT_THAT(fault("groupArray(x'00') FROM shop.n"), HasSubstr("can't hold a BLOB"));
}

TEST_F(SqlArrayAggregatesTest, TheLimitIsANumberAboveZero) {
  EXPECT_THAT(fault("groupArray(0)(i) FROM shop.n"), HasSubstr("argument 1, '0', is not between"));
  EXPECT_THAT(fault("groupArray('x')(i) FROM shop.n"), HasSubstr("is no integer"));
}

}  // namespace
}  // namespace sluice

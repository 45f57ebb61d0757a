#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlLogicTest = FunctionTest;

TEST_F(SqlLogicTest, Chooses) {
  expect({{"if(1, 'a', 'b'), if(0, 'a', 'b'), if(1, NULL, 2)", "'a','b',null"},
          {"multiIf(0, 'a', 1, 'b', 'c'), multiIf(NULL, 1, 0, 2, 3)", "'b',3"},
          {"greatest(1, 2.5), least(3, 2, 1), greatest('b', 'a', 'c'), least(NULL, NULL)",
           "2.5,1,'c',null"},
          {"assumeNotNull(1), toNullable('x')", "1,'x'"}});
  EXPECT_THAT(fault("multiIf(1, 2, 3, 4)"), HasSubstr("pairs of a condition and a value"));
}

TEST_F(SqlLogicTest, Divides) {
  expect(
      {{"intDiv(7, -2), intDiv(7.9, 2), intDivOrZero(1, 0)", "-3,3,0"},
       {"modulo(-7, 3), modulo(7.5, 2), moduloOrZero(1, 0), positiveModulo(-7, 3)", "-1,1.5,0,2"},
       {"divide(7, 2), roundBankers(2.5), roundBankers(-3.5), roundBankers(1.25, 1)",
        "3.5,2.0,-4.0,1.2"},
       {"modulo(-9223372036854775807 - 1, -1), intDivOrZero(-9223372036854775807 - 1, -1)", "0,0"},
       {"positiveModulo(-1, -9223372036854775807 - 1)", "9223372036854775807"},
       {"bitAnd(6, 3), bitOr(6, 3), bitXor(6, 3), bitTest(5, 2)", "2,7,5,1"}});
  EXPECT_THAT(fault("intDiv(1, 0)"), HasSubstr("division by zero"));
  EXPECT_THAT(fault("intDiv(-9223372036854775807 - 1, -1)"), HasSubstr("more than 64 bits"));
  EXPECT_THAT(fault("modulo(1, 0)"), HasSubstr("division by zero"));
}

TEST_F(SqlLogicTest, ChanceIsInjected) {
  EXPECT_EQ(value("count(DISTINCT generateUUIDv4()) FROM shop.n"), "10");
  EXPECT_EQ(value("length(generateUUIDv4()), rand() BETWEEN 0 AND 4294967295"), "36,1");
  EXPECT_EQ(value("randCanonical() >= 0 AND randCanonical() < 1"), "1");
  EngineWorld without;
  EXPECT_THAT(caught([&] { without.rows("SELECT rand()"); }).message(),
              HasSubstr("given no randomness"));
}

}  // namespace
}  // namespace sluice

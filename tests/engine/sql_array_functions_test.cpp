#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlArrayFunctionsTest = FunctionTest;

TEST_F(SqlArrayFunctionsTest, Splits) {
  expect({{"splitByChar(',', 'a,b,,c')", "'[\"a\",\"b\",\"\",\"c\"]'"},
          {"splitByChar(',', '')", "'[\"\"]'"},
          {"splitByString('--', 'a--b')", "'[\"a\",\"b\"]'"},
          {"splitByString('', 'aé€')", "'[\"a\",\"é\",\"€\"]'"},
          {"splitByChar(',', NULL)", "null"}});
  EXPECT_THAT(fault("splitByChar('ab', 'x')"), HasSubstr("is not one byte"));
}

TEST_F(SqlArrayFunctionsTest, ReadsArrays) {
  expect({{"arrayStringConcat(splitByChar(',', 'a,b'), '-')", "'a-b'"},
          {"arrayElement('[1,\"x\",null,[2]]', 2)", "'x'"},
          {"arrayElement('[1,2.5]', -1)", "2.5"},
          {"arrayElement('[1]', 5)", "null"},
          {"has('[1,\"a\"]', 'a'), has('[1]', 1.0), has('[1]', '1')", "1,1,0"},
          {"indexOf('[\"a\",\"b\"]', 'b'), indexOf('[]', 1)", "2,0"},
          {"arraySum('[1,2]'), arraySum('[1,2.5]')", "3,3.5"},
          {"arrayDistinct('[1,2,1,null]')", "'[1,2]'"},
          {"range(3), range(1, 10, 3), range(0)", "'[0,1,2]','[1,4,7]','[]'"}});
  EXPECT_THAT(fault("arraySum('{}')"), HasSubstr("is no JSON array"));
}

TEST_F(SqlArrayFunctionsTest, LargeResultsAreRefused) {
  EXPECT_EQ(caught([&] { value("range(100000000000)"); }).code(), ErrorCode::kTooLarge);
  EXPECT_EQ(caught([&] { value("arrayDistinct(range(1000000))"); }).code(), ErrorCode::kTooLarge);
}

TEST_F(SqlArrayFunctionsTest, AdversarialSplitsAreQuick) {
  // Byte by byte this would be 10^13 comparisons.
  expect({{"JSONLength(splitByString(repeat('a', 3000000) || 'b', repeat('a', 6000000)))", "1"}});
}

}  // namespace
}  // namespace sluice

#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlJsonFunctionsTest = FunctionTest;

TEST_F(SqlJsonFunctionsTest, ExtractsByType) {
  expect(
      {{"JSONExtractString('{\"a\":\"x\\n\"}', 'a')", "'x\n'"},
       {"JSONExtractString('{\"a\":1}', 'a'), JSONExtractString('{\"a\":null}', 'a')", "'1',''"},
       {"JSONExtractInt('{\"a\":\"12\"}', 'a'), JSONExtractInt('{\"a\":-1.7}', 'a')", "12,-1"},
       {"JSONExtractInt('{\"a\":true}', 'a'), JSONExtractInt('{\"a\":1e30}', 'a')", "0,0"},
       {"JSONExtractUInt('{\"a\":-1}', 'a'), JSONExtractUInt('18446744073709551615')",
        "0,1.8446744073709552e+19"},
       {"JSONExtractFloat('{\"a\":\"1.5\"}', 'a'), JSONExtractFloat('{}', 'a')", "1.5,0.0"},
       {"JSONExtractBool('{\"a\":1}', 'a'), JSONExtractBool('true'), JSONExtractBool('\"true\"')",
        "1,1,0"},
       {"JSONExtractRaw('{\"a\": {\"b\" : [1,  2.50]}}', 'a')", "'{\"b\":[1,2.5]}'"},
       {"JSONExtractArrayRaw('[1, \"x\", {\"b\": 2}]')",
        "'[\"1\",\"\\\"x\\\"\",\"{\\\"b\\\":2}\"]'"},
       {"JSONExtractKeys('{\"a\": 1, \"b\": 2}')", "'[\"a\",\"b\"]'"},
       {"JSONExtractKeysAndValuesRaw('{\"a\": 1}')", "'[[\"a\",\"1\"]]'"}});
}

TEST_F(SqlJsonFunctionsTest, FollowsPaths) {
  const std::string text = "'{\"a\":[1,{\"b\":\"c\"}]}'";
  expect({{"JSONExtractString(" + text + ", 'a', 2, 'b')", "'c'"},
          {"JSONExtractString(" + text + ", 'a', -1, 1)", "'c'"},
          {"JSONHas(" + text + ", 'a', 2), JSONHas(" + text + ", 'a', 0)", "1,0"},
          {"JSONLength(" + text + ", 'a'), JSONLength('3'), JSONLength('x')", "2,0,0"}});
}

TEST_F(SqlJsonFunctionsTest, SaysWhatItIs) {
  expect({{"JSONType('1'), JSONType('1.5'), JSONType('18446744073709551615')",
           "'Int64','Double','UInt64'"},
          {"JSONType('[]'), JSONType('{}'), JSONType('\"\"'), JSONType('true'), JSONType('x')",
           "'Array','Object','String','Bool','Null'"},
          {"isValidJSON('1'), isValidJSON(''), isValidJSON('{} x')", "1,0,0"}});
}

TEST_F(SqlJsonFunctionsTest, ExtractsByTheNameOfAType) {
  expect({{"JSONExtract('{\"a\":1}', 'a', 'String')", "'1'"},
          {"JSONExtract('{\"a\":null}', 'a', 'Nullable(Int64)')", "null"},
          {"JSONExtract('{}', 'a', 'Int64'), JSONExtract('{}', 'a', 'String')", "0,''"},
          {"JSONExtract('[1,\"2\"]', 'Array(String)')", "'[\"1\",\"2\"]'"},
          {"JSONExtract('[1.5,null]', 'Array(Nullable(Float64))')", "'[1.5,null]'"},
          {"JSONExtract('[[1],[2]]', 'Array(Array(Int64))')", "'[[1],[2]]'"},
          {"JSONExtract('{}', 'a', 'Array(Int64)')", "'[]'"}});
  EXPECT_THAT(fault("JSONExtract('1', 'Tuple(Int64)')"), HasSubstr("is no type that can be"));
}

TEST_F(SqlJsonFunctionsTest, WhatIsNoJsonHasNothing) {
  expect(
      {{"JSONExtractString('not json', 'a'), JSONExtractInt('', 'a'), JSONHas('{', 'a')", "'',0,0"},
       {"JSONExtractRaw(x'ff', 'a'), JSONExtractString(NULL, 'a')", "'',null"}});
}

TEST_F(SqlJsonFunctionsTest, OldNames) {
  expect({{"visitParamExtractString('{\"a\":\"x\"}', 'a'), simpleJSONExtractInt('{\"a\":2}', 'a')",
           "'x',2"},
          {"simpleJSONExtractRaw('{\"a\": [1, 2]}', 'a'), visitParamHas('{\"a\":1}', 'b')",
           "'[1, 2]',0"}});
}

TEST_F(SqlJsonFunctionsTest, ResultsNest) {
  expect({{"json_array(JSONExtractRaw('{\"a\":[1]}', 'a'), JSONExtractKeys('{\"k\":1}'))",
           "'[[1],[\"k\"]]'"},
          {"(SELECT sum(value) FROM json_each(JSONExtractRaw('{\"a\":[1,2]}', 'a')))", "3"}});
}

}  // namespace
}  // namespace sluice

#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlTextFunctionsTest = FunctionTest;

TEST_F(SqlTextFunctionsTest, Finds) {
  expect(
      {{"position('hello', 'l'), position('hello', 'l', 4), position('äöx', 'x')", "3,4,3"},
       {"positionCaseInsensitive('xÄb', 'ä'), locate('l', 'hello'), position('a', 'b')", "2,3,0"},
       {"startsWith('hello', 'he'), endsWith('hello', 'x'), countSubstrings('aaaa', 'aa')",
        "1,0,2"},
       {"position('abc', ''), position('abc', 'c', -5), position('abc', 'a', 99)", "1,3,0"}});
}

TEST_F(SqlTextFunctionsTest, Changes) {
  expect({{"replaceAll('aXbX', 'X', 'yy'), replaceOne('aXbX', 'X', ''), replaceAll('abc', '', 'y')",
           "'ayybyy','abX','abc'"},
          {"trimBoth('  a '), trimLeft(' a '), trimRight(' a '), trimBoth('xxax', 'x')",
           "'a','a ',' a','a'"},
          {"leftPad('abc', 7, '*'), leftPad('abc', 2), leftPad('abc', 8, 'xy'), rightPad('é', 3)",
           "'****abc','ab','xyxyxabc','é  '"},
          {"repeat('ab', 3), repeat('ab', -1), reverse('aé€')", "'ababab','','€éa'"},
          {"lowerUTF8('ÄÖ'), upperUTF8('äß'), initcap('a1b-c d_e')", "'äö','Äß','A1b-C D_E'"},
          {"leftUTF8('abc', 2), leftUTF8('abc', -1), rightUTF8('abc', 1), rightUTF8('abc', -1)",
           "'ab','ab','c','bc'"}});
}

TEST_F(SqlTextFunctionsTest, Joins) {
  expect({{"concat('a', 1, 2.0), concat('a', NULL), concatWithSeparator('-', 'a', 'b')",
           "'a12',null,'a-b'"}});
}

TEST_F(SqlTextFunctionsTest, Measures) {
  expect(
      {{"empty(''), notEmpty('a'), lengthUTF8('äb'), octet_length('äb'), ascii('a')", "1,1,2,3,97"},
       {"empty(splitByString('', '')), empty('[]')", "1,0"}});
}

TEST_F(SqlTextFunctionsTest, HugeResultsAreRefusedBeforeTheyAreMade) {
  for (const char* call : {"repeat('abc', 1000000000000)", "repeat('a', 9223372036854775807)",
                           "leftPad('a', 60000000, 'äöü')",
                           "replaceAll(repeat('a', 1000000), 'a', repeat('b', 10000))",
                           "concat(repeat('a', 40000000), repeat('a', 40000000))"}) {
    EXPECT_EQ(caught([&] { value(call); }).code(), ErrorCode::kTooLarge) << call;
  }
}

TEST_F(SqlTextFunctionsTest, NoTextIsTooStrange) {
  expect(
      {{"lengthUTF8(x'ff00fe'), hex(lowerUTF8(x'41ff')), hex(reverse(x'61ff'))", "3,'61FF','FF61'"},
       {"position(repeat('a', 3000000), repeat('a', 1500000) || 'b')", "0"}});
}

}  // namespace
}  // namespace sluice

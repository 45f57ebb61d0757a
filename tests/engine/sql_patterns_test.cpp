#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlPatternsTest = FunctionTest;

TEST_F(SqlPatternsTest, Matches) {
  expect({{"match('hello', 'l+'), match('hello', '^l'), 'hello' REGEXP 'h.*o'", "1,0,1"},
          {"match('a' || char(10) || 'b', 'a.b'), match('ABC', '(?i)abc')", "1,1"},
          {"extract('hello world', 'w(.)r'), extract('hello', 'l+'), extract('hello', 'z')",
           "'o','ll',''"},
          {"extractAll('a1b22', '[0-9]+'), extractAll('a1b22', '([a-z])[0-9]')",
           "'[\"1\",\"22\"]','[\"a\",\"b\"]'"},
          {"countMatches('banana', 'an')", "2"},
          {"splitByRegexp('[0-9]+', 'a1b22c'), splitByRegexp('', 'ab')",
           "'[\"a\",\"b\",\"c\"]','[\"a\",\"b\"]'"}});
}

TEST_F(SqlPatternsTest, Replaces) {
  expect({{"replaceRegexpAll('hello', 'l', '[\\0]')", "'he[l][l]o'"},
          {"replaceRegexpOne('hello', '(l)(l)', '\\2-\\1')", "'hel-lo'"},
          {"replaceRegexpAll('baac', 'a*', '-'), replaceRegexpAll('abc', '^', '-')",
           "'-b--c-','-abc'"},
          {"replaceRegexpAll('hello', '', '-'), replaceRegexpAll('abc', '$', '-')",
           "'hello','abc-'"}});
  EXPECT_THAT(fault("replaceRegexpAll('a', 'a', '\\1')"), HasSubstr("names a group"));
}

TEST_F(SqlPatternsTest, ThePatternMayDifferFromRowToRow) {
  EXPECT_EQ(world_.rows("SELECT match('a1', t || '') FROM (SELECT 'a' AS t UNION ALL SELECT 'b')"),
            (std::vector<std::string>{"1", "0"}));
}

TEST_F(SqlPatternsTest, ErrorsSayWhatIsWrong) {
  EXPECT_THAT(fault("match('a', '(')"), HasSubstr("is no regular expression (missing )"));
  EXPECT_THAT(fault("match('a', repeat('a', 20000))"), HasSubstr("too long for a pattern"));
  EXPECT_THAT(fault("match('a', '(((a{100}){100}){100})')"), HasSubstr("is no regular expression"));
}

TEST_F(SqlPatternsTest, NoPatternRunsAway) {
  // Exponential for engines that go back.
  expect({{"match(repeat('a', 100000), '(a|aa)+$x'), match(repeat('a', 5000), '(a*)*b')", "0,0"}});
  EXPECT_EQ(caught([&] { value("match(repeat('a', 60000000), 'a{200}b{200}')"); }).code(),
            ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace sluice

#include "domain/template_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(TemplateEvaluatorTest, NamesAreSetOrGiven) {
  EXPECT_EQ(rendered("{{a}}", {{"a", "x"}}), "'x'");
  EXPECT_EQ(rendered("{% set a = 5 %}{{a}}", {{"a", "x"}}), "5");
  EXPECT_THAT(refused("SELECT\n {{a}}"),
              StartsWith("Line 2, column 4: The parameter 'a' is missing."));
}

TEST(TemplateEvaluatorTest, OnlyWhatIsNeededIsComputed) {
  EXPECT_EQ(rendered("{% if 1 %}a{% else %}{{error('no')}}{% end %}"), "a");
  EXPECT_EQ(rendered("{{1 or error('no')}} {{0 and error('no')}} {{1 if 1 else error('no')}}"),
            "1 0 1");
}

TEST(TemplateEvaluatorTest, ErrorsSayWhere) {
  EXPECT_THAT(refused("a\nb {{ 1 + 'x' }}"), StartsWith("Line 2, column 8: + can't be used on"));
  EXPECT_THAT(refused("a {{Array(b, 'Int32', default='x')}}"),
              StartsWith("Line 1, column 6: The parameter 'b' is 'x'"));
  EXPECT_THAT(refused("{% for a in 'x' %}{% end %}"), HasSubstr("A for goes through a list"));
  EXPECT_THAT(refused("{{[1][5]}}"), HasSubstr("The list has 1 items, none at 5."));
  EXPECT_THAT(refused("{{'a'[0]}}"), HasSubstr("Only lists and maps have items"));
  EXPECT_THAT(refused("{{{'a': 1}['b']}}"), HasSubstr("no such key"));
  EXPECT_THAT(refused("{% set a, b = [1] %}"), HasSubstr("There are 2 names"));
  EXPECT_THAT(refused("{{1 in 2}}"), HasSubstr("'in' can't look for"));
}

TEST(TemplateEvaluatorTest, ATemplateEnds) {
  const std::string loops =
      "{% for a in range(10000) %}{% for b in range(10000) %}{% end %}{% end %}";
  EXPECT_THAT(refused(loops), HasSubstr("more than 200000 steps"));
  const std::string growing =
      "{% set a = 'x' %}{% for i in range(100) %}{% set a = a + a %}{% end %}{{a}}";
  EXPECT_THAT(refused(growing), HasSubstr("bytes"));
  const std::string doubling =
      "{% set a = [1] %}{% for i in range(60) %}{% set a = [a, a] %}{% end %}";
  EXPECT_THAT(refused(doubling), HasSubstr("more than 200000 steps"));
  const std::string maps =
      "{% set a = {} %}{% for i in range(60) %}{% set a = {1: a, 2: a} %}{% end %}";
  EXPECT_THAT(refused(maps), HasSubstr("more than 200000 steps"));
  const std::string deep = "{% set a = [] %}{% for i in range(9999) %}{% set a = [a] %}{% end %}";
  EXPECT_THAT(refused(deep), HasSubstr("more than 200000 steps"));
}

TEST(TemplateEvaluatorTest, LongParametersAreRefusedWhereTheyAreUsed) {
  const RunVariables parameters = {{"a", std::string(1000000, 'x')}, {"b", "y"}};
  EXPECT_EQ(rendered("{{b}}{% if defined(a) %}{% end %}", parameters), "'y'");
  for (const char* text : {"\n {{a}}", "\n {{Int32(a, 1)}}", "\n {{Array(a)}}", "\n {{JSON(a)}}"}) {
    const Error error = caught([&] { rendered(text, parameters); });
    EXPECT_EQ(error.code(), ErrorCode::kTooLarge) << text;
    EXPECT_THAT(error.what(), StartsWith("Line 2, column 4: The parameter 'a' has 1000000 bytes"));
  }
}

TEST(TemplateEvaluatorTest, SamplesStandForWhatIsMissing) {
  const SqlTemplate text = SqlTemplate::parse("%{{a}} {{Int32(b)}} {{Array(c, 'Date')}}");
  EXPECT_EQ(text.render_sample({}), "'' 0 ('2020-01-01')");
  EXPECT_EQ(text.render_sample({{"b", "7"}}), "'' 7 ('2020-01-01')");
  for (const char* depends : {"%{{{'x': 1}[a]}}", "%{{a.split(',')[1]}}", "%{{10 // Int32(b)}}",
                              "%{{10 / Float64(b)}}", "%{{1 % Int8(b)}}"}) {
    EXPECT_EQ(SqlTemplate::parse(depends).render_sample({}), std::nullopt) << depends;
  }
}

}  // namespace
}  // namespace sluice

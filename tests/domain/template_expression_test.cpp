#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_syntax.h"
#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(TemplateExpressionTest, Precedence) {
  EXPECT_EQ(rendered("{{1 + 2 * 3 - 4 // 3}}"), "6");
  EXPECT_EQ(rendered("{{(1 + 2) * 3}}"), "9");
  EXPECT_EQ(rendered("{{-2 - -3}}"), "1");
  EXPECT_EQ(rendered("{{not 1 == 2 and 3 > 2 or 1 > 5}}"), "1");
  EXPECT_EQ(rendered("{{2 in [1, 2] and 3 not in [1, 2]}}"), "1");
  EXPECT_EQ(rendered("{{'a' if 1 > 2 else 'b' if 2 > 3 else 'c'}}"), "'c'");
  EXPECT_EQ(rendered("{{None is None}} {{1 is not None}}"), "1 1");
}

TEST(TemplateExpressionTest, ListsAndMaps) {
  EXPECT_EQ(rendered("{{[1, 'a', [2,],]}}"), "(1, 'a', (2))");
  EXPECT_EQ(rendered("{{[10, 20, 30][-1]}}"), "30");
  EXPECT_EQ(rendered("{{{'a': 1, 'b': 2}['b']}}"), "2");
  EXPECT_EQ(rendered("{{'a,b'.split(',')[1].upper()}}"), "'B'");
  EXPECT_EQ(rendered("{{(1, 2)}} {{(1,)}} {{()}} {{(1)}}"), "(1, 2) (1) () 1");
  EXPECT_EQ(rendered("{{{'net': (72, -8)}['net']}}"), "(72, -8)");
}

TEST(TemplateExpressionTest, WhatIsNoExpression) {
  EXPECT_THAT(refused("SELECT {{1 +}}"), StartsWith("Line 1, column 14: The expression ends too"));
  EXPECT_THAT(refused("{{}}"), HasSubstr("ends too early"));
  EXPECT_THAT(refused("{{a b}}"), StartsWith("Line 1, column 6: 'b' can't stand here."));
  EXPECT_THAT(refused("{{f(a=1, 2)}}"), HasSubstr("without a name follows one with a name"));
  EXPECT_THAT(refused("{{(1}}"), HasSubstr("a ')' is missing"));
  EXPECT_THAT(refused("{{[1 2]}}"), HasSubstr("a ',' is missing"));
  EXPECT_THAT(refused("{{(1, 2}}"), HasSubstr("a ',' is missing"));
  EXPECT_THAT(refused("{{(1 2)}}"), HasSubstr("a ')' is missing"));
  EXPECT_THAT(refused("{{(, 1)}}"), HasSubstr("',' can't stand here"));
  EXPECT_THAT(refused("{{1 if 2}}"), HasSubstr("an 'else' is missing"));
  EXPECT_THAT(refused("{{and}}"), HasSubstr("'and' can't stand here"));
  EXPECT_THAT(refused("{{1 not 2}}"), HasSubstr("'2' can't stand here"));
}

TEST(TemplateExpressionTest, DepthIsLimitedWhereverItComesFrom) {
  const auto times = [](const std::string& text, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += text;
    return out;
  };
  constexpr size_t kMany = 10000;
  EXPECT_THAT(refused("{{" + times("(", kMany) + "1" + times(")", kMany) + "}}"),
              HasSubstr("deep"));
  EXPECT_THAT(refused("{{" + times("[", kMany) + times("]", kMany) + "}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{" + times("not ", kMany) + "1}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{" + times("- ", kMany) + "1}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{1" + times("+1", kMany) + "}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{a" + times("[0]", kMany) + "}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{a" + times(".strip()", kMany) + "}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{1" + times(" if 1 else 1", kMany) + "}}"), HasSubstr("deep"));
  EXPECT_THAT(refused("{{" + times("len(", kMany) + times(")", kMany) + "}}"), HasSubstr("deep"));
}

}  // namespace
}  // namespace sluice

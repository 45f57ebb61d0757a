#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_syntax.h"
#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(TemplateBlocksTest, Ifs) {
  const std::string text = "{% if a == '1' %}one{% elif a == '2' %}two{% else %}more{% end %}";
  EXPECT_EQ(rendered(text, {{"a", "1"}}), "one");
  EXPECT_EQ(rendered(text, {{"a", "2"}}), "two");
  EXPECT_EQ(rendered(text, {{"a", "3"}}), "more");
  EXPECT_EQ(rendered("{%if 0%}x{%end%}y"), "y");
}

TEST(TemplateBlocksTest, Loops) {
  EXPECT_EQ(rendered("{% for i in range(3) %}{{i}},{% end %}"), "0,1,2,");
  EXPECT_EQ(rendered("{% for i in range(9) %}{% if i == 2 %}{% break %}{% end %}{{i}},{% end %}"),
            "0,1,");
  EXPECT_EQ(
      rendered("{% for i in range(3) %}{% if i == 1 %}{% continue %}{% end %}{{i}},{% end %}"),
      "0,2,");
  EXPECT_EQ(rendered("{% for a, b in [[1, 2], [3, 4]] %}{{a + b}},{% end %}"), "3,7,");
}

TEST(TemplateBlocksTest, SetsAndComments) {
  EXPECT_EQ(rendered("{% set a = 'x' %}{# {{ nothing #}{% comment this %}{{a}}"), "'x'");
  EXPECT_EQ(rendered("{% set a, b = [1, 2] %}{{b}}"), "2");
  EXPECT_EQ(rendered("a {{! b {%! c"), "a {{ b {% c");
  EXPECT_EQ(rendered("{ % } {"), "{ % } {");
}

TEST(TemplateBlocksTest, ClosingMarksInTextsAndMapsCloseNothing) {
  EXPECT_EQ(rendered("{{'}}'}}"), "'}}'");
  EXPECT_EQ(rendered("{% set a = '%}' %}{{a}}"), "'%}'");
  EXPECT_EQ(rendered("{{ {'a': {'b': 5}}['a']['b'] }}"), "5");
}

TEST(TemplateBlocksTest, WhatIsNoTemplate) {
  EXPECT_THAT(refused("a\n  {{ b"),
              StartsWith("Line 2, column 3: What begins here has no end (}})"));
  EXPECT_THAT(refused("{% if 1 %}a"), HasSubstr("The 'if' that begins here has no end."));
  EXPECT_THAT(refused("{% for a in b %}"), HasSubstr("The 'for' that begins here has no end."));
  EXPECT_THAT(refused("{# a"), HasSubstr("This comment has no end"));
  EXPECT_THAT(refused("{% end %}"), HasSubstr("'end' ends nothing"));
  EXPECT_THAT(refused("{% if 1 %}{% else %}{% else %}{% end %}"), HasSubstr("behind the else"));
  EXPECT_THAT(refused("{% for a in [] %}{% else %}{% end %}"), HasSubstr("A for has no 'else'."));
  EXPECT_THAT(refused("{% import os %}"), HasSubstr("'import' is no block of a template."));
  EXPECT_THAT(refused("{% break %}"), HasSubstr("stands outside of a for"));
  EXPECT_THAT(refused("{% set a %}"), HasSubstr("a '=' is missing"));
  EXPECT_THAT(refused("{% for a %}{% end %}"), HasSubstr("an 'in' is missing"));
  EXPECT_THAT(refused("{% set 1a = 2 %}"), HasSubstr("'1a' is no name."));
}

TEST(TemplateBlocksTest, DepthIsLimited) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "{% if 1 %}";
  EXPECT_THAT(refused(text), HasSubstr("Blocks are nested more than 60 deep"));
}

}  // namespace
}  // namespace sluice

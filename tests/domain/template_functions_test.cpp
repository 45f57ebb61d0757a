#include "domain/template_functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(TemplateFunctionsTest, TypedParameters) {
  EXPECT_EQ(rendered("{{Int32(a, 3)}}", {{"a", "5"}}), "5");
  EXPECT_EQ(
      rendered("{{DateTime(interval_start)}}", {{"interval_start", "2026-11-24 08:00:00.000000"}}),
      "'2026-11-24 08:00:00'");
  EXPECT_EQ(rendered("{{Boolean(a, 0)}} {{Float64(b, 1)}}"), "0 1.0");
  EXPECT_EQ(rendered("{{String(a, None)}}"), "NULL");
}

TEST(TemplateFunctionsTest, ValuesThatDoNotFit) {
  EXPECT_THAT(refused("SELECT {{Int8(a)}}", {{"a", "300"}}),
              HasSubstr("The parameter 'a' is '300', which is no Int8. | Give a whole number from "
                        "-128 to 127."));
  EXPECT_THAT(refused("{{Int8(a)}}"), HasSubstr("The parameter 'a' is missing."));
  EXPECT_THAT(refused("{{Int8(a, 3, required=True)}}"), HasSubstr("The parameter 'a' is missing."));
  EXPECT_THAT(refused("{{String(a, enum=['x', 'y'])}}", {{"a", "z"}}),
              HasSubstr("Give one of x,y."));
  EXPECT_EQ(rendered("{{String(a, enum=['x', 'y'])}}", {{"a", "y"}}), "'y'");
}

TEST(TemplateFunctionsTest, Arrays) {
  EXPECT_EQ(rendered("{{Array(a, 'Int32')}}", {{"a", "1, 2"}}), "(1, 2)");
  EXPECT_EQ(rendered("{{Array(a, 'String', default='x,y')}}"), "('x', 'y')");
  EXPECT_EQ(rendered("{{Array(a, default=['x'])}} {{Array(b)}}", {{"b", ""}}), "('x') ()");
  EXPECT_THAT(refused("{{Array(a, 'Int32')}}", {{"a", "1,x"}}),
              HasSubstr("is 'x', which is no Int32"));
  EXPECT_THAT(refused("{{Array(a, 'Ints')}}"),
              HasSubstr("no items of the type 'Ints'. | Did you mean 'Int"));
  EXPECT_THAT(refused("{{Array(a, 'black', 'x')}}"), HasSubstr("no items of the type 'black'"));
  EXPECT_EQ(rendered("{{Array(a, 'black,red')}} {{Array(a, ['x'])}}"), "('black', 'red') ('x')");
}

TEST(TemplateFunctionsTest, DefinedLooksAtWhatWasGiven) {
  EXPECT_EQ(rendered("{{defined(a)}} {{defined(b)}} {{defined('a')}}", {{"a", ""}}), "1 0 1");
  EXPECT_THAT(refused("{{defined(1)}}"), HasSubstr("takes the name of a parameter"));
}

TEST(TemplateFunctionsTest, NamesAreQuoted) {
  EXPECT_EQ(rendered("{{column(a)}} {{column(b, 'c')}}", {{"a", "x; DROP"}}), "`x; DROP` `c`");
  EXPECT_EQ(rendered("{{columns(a, 'b, c')}}"), "`b`, `c`");
  EXPECT_EQ(rendered("{{columns(a, fn='sum')}}", {{"a", "b"}}), "`sum`(`b`) AS `b`");
  EXPECT_EQ(rendered("{{table('nyc.flights')}} {{symbol(a)}}", {{"a", "x`y"}}),
            "`nyc`.`flights` `x``y`");
  EXPECT_THAT(refused("{{columns(a)}}", {{"a", "b,,c"}}), HasSubstr("is no name"));
  EXPECT_EQ(rendered("{{column('a.b.c')}}"), "`a`.`b`.`c`");
  EXPECT_THAT(refused("{{column('a.b.c.d')}}"), HasSubstr("'a.b.c.d' has more than 3 parts"));
  EXPECT_THAT(refused("{{table('a.b.c')}}"), HasSubstr("more than 2 parts"));
  EXPECT_EQ(rendered("{{columns(a, fn='sum')}}", {{"a", "t.b"}}), "`sum`(`t`.`b`) AS `b`");
  EXPECT_THAT(refused("{{columns(a)}}", {{"a", ""}}), HasSubstr("'a' names no column"));
  EXPECT_THAT(refused("{{column(a, enum=['x'])}}", {{"a", "y"}}),
              HasSubstr("not one of its values"));
}

TEST(TemplateFunctionsTest, ATemplateRefuses) {
  EXPECT_EQ(refused("{{error('Give a date.')}}"), "Give a date. | ");
  EXPECT_EQ(refused("{{custom_error({'error': 'too long', 'days': 9})}}"),
            "error: too long, days: 9 | ");
  EXPECT_EQ(SqlTemplate::parse("%{{error('x')}}").render_sample({}), std::nullopt);
  EXPECT_EQ(SqlTemplate::parse("%{{column(a)}}").render_sample({}), std::nullopt);
}

TEST(TemplateFunctionsTest, Lists) {
  EXPECT_EQ(rendered("{% for last, x in enumerate_with_last(split_to_array(a, 'x,y')) %}"
                     "sum({{symbol(x)}}){% if not last %}, {% end %}{% end %}"),
            "sum(`x`), sum(`y`)");
  EXPECT_EQ(rendered("{{len([1, 2])}} {{len('abc')}} {{range(2, 4)}}"), "2 3 (2, 3)");
  EXPECT_THAT(refused("{{range(10001)}}"), HasSubstr("at most 10000"));
  EXPECT_THAT(refused("{{range(-9223372036854775807, 9223372036854775807)}}"),
              HasSubstr("at most"));
  EXPECT_THAT(refused("{{split_to_array(column(a, 'x'))}}"), HasSubstr("can't take SQL apart"));
}

TEST(TemplateFunctionsTest, WhatMayBeUndefined) {
  EXPECT_EQ(
      rendered("{{sql_and(a=Int32(x, defined=False), b__in=Array(y, 'Int32', defined=False))}}"),
      "1");
  EXPECT_EQ(
      rendered("{{sql_and(a=Int32(x, defined=False), b__in=Array(y, 'Int32', defined=False))}}",
               {{"y", "1,2"}}),
      "`b` IN (1, 2)");
  EXPECT_EQ(rendered("{{Int32(x, defined=False)}} {{Int32(x, 5, defined=True)}}"), "NULL 5");
  EXPECT_THAT(refused("{{Int32(x, defined=True)}}"), HasSubstr("'x' is missing"));
}

TEST(TemplateFunctionsTest, HintsHaveNoEffect) {
  EXPECT_EQ(rendered("SELECT 1 {{max_threads(4)}} {{backend_hint('x')}} {{cache_ttl('5m')}}"),
            "SELECT 1   ");
  EXPECT_THAT(refused("{{max_threads()}}"), HasSubstr("lacks an argument"));
}

TEST(TemplateFunctionsTest, UnknownOnes) {
  EXPECT_THAT(refused("{{Strin(a)}}"), HasSubstr("Did you mean 'String'?"));
  EXPECT_THAT(refused("{{sql_nad(a)}}"), HasSubstr("Did you mean 'sql_and'?"));
  EXPECT_THAT(refused("{{__import__('os')}}"), HasSubstr("no function '__import__'"));
}

}  // namespace
}  // namespace sluice

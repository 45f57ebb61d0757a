#include "domain/template_conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(TemplateConditionsTest, EachOperation) {
  EXPECT_EQ(rendered("{{sql_and(a=1, b__gt=2, c__lt=3, d__gte=4, e__lte=5)}}"),
            "`a` = 1 AND `b` > 2 AND `c` < 3 AND `d` >= 4 AND `e` <= 5");
  EXPECT_EQ(rendered("{{sql_and(a__in=[1, 2], b__not_in='x')}}"),
            "`a` IN (1, 2) AND `b` NOT IN ('x')");
}

TEST(TemplateConditionsTest, WhatWasNotGivenIsLeftOut) {
  const std::string text =
      "{{sql_and(a=Int32(a), b__in=Array(b, 'Int32'), c=c, d=String(d, 'x'))}}";
  EXPECT_EQ(rendered(text), "`d` = 'x'");
  EXPECT_EQ(rendered(text, {{"b", "1,2"}}), "`b` IN (1, 2) AND `d` = 'x'");
  EXPECT_EQ(rendered("{{sql_and(a=a)}}"), "1");
  EXPECT_EQ(SqlTemplate::parse("%{{sql_and(a=Int32(a))}}").render_sample({}), "`a` = 0");
  EXPECT_THAT(refused("{{sql_and(a=Int32(a, required=True))}}"), HasSubstr("'a' is missing"));
}

TEST(TemplateConditionsTest, WhatIsNoCondition) {
  EXPECT_THAT(refused("{{sql_and(a__like='x')}}"), HasSubstr("no operation 'like'"));
  EXPECT_THAT(refused("{{sql_and(1)}}"), HasSubstr("column=value only"));
  EXPECT_THAT(refused("{{sql_and(a=[1])}}"), HasSubstr("Write a__in."));
}

}  // namespace
}  // namespace sluice

#include "domain/template_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(TemplateCallTest, ArgumentsByPlaceAndByName) {
  EXPECT_EQ(rendered("{{Int32(a, 3)}} {{Int32(a, default=4)}}"), "3 4");
  EXPECT_EQ(rendered("{{split_to_array(a, separator='|')}}", {{"a", "x|y"}}), "('x', 'y')");
}

TEST(TemplateCallTest, AParameterIsANameOrATextThatNamesOne) {
  EXPECT_EQ(rendered("{{String('a')}} {{String('b')}}", {{"a", "x"}}), "'x' 'b'");
  EXPECT_EQ(rendered("{{Int32(1 + 1)}}"), "2");
  EXPECT_EQ(rendered("{% for x in ['7'] %}{{Int32(x)}}{% end %}"), "7");
}

TEST(TemplateCallTest, ArgumentsThatDoNotFit) {
  EXPECT_THAT(refused("{{Int32()}}"), HasSubstr("Int32 lacks the name of a parameter."));
  EXPECT_THAT(refused("{{Int32(a, 1, 2, 3, 4)}}"), HasSubstr("at most 4 arguments"));
  EXPECT_THAT(refused("{{Int32(a, defualt=1)}}"), HasSubstr("Did you mean 'default'?"));
  EXPECT_THAT(refused("{{table()}}"), HasSubstr("table lacks an argument: a name."));
  EXPECT_THAT(refused("{{table(5)}}"), HasSubstr("table takes a text here, not a whole number."));
}

}  // namespace
}  // namespace sluice

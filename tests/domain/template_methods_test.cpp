#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_functions.h"
#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(TemplateMethodsTest, Texts) {
  EXPECT_EQ(rendered("{{'aB'.upper()}} {{'aB'.lower()}} {{' a '.strip()}}"), "'AB' 'ab' 'a'");
  EXPECT_EQ(rendered("{{'a,,b'.split(',')}}"), "('a', '', 'b')");
  EXPECT_EQ(rendered("{{'.a.b'.replace('.', '--')}}"), "'--a--b'");
  EXPECT_EQ(rendered("{{'abc'.startswith('ab')}} {{'abc'.endswith('ab')}}"), "1 0");
}

TEST(TemplateMethodsTest, SplitsSoOftenAtMost) {
  EXPECT_EQ(rendered("{{'a_b_c'.split('_', 1)}}"), "('a', 'b_c')");
  EXPECT_EQ(rendered("{{'a_b_c'.split('_', 0)}} {{'a_b'.split('_', 9)}}"), "('a_b_c') ('a', 'b')");
  EXPECT_THAT(refused("{{'a'.split('_', -1)}}"), HasSubstr("how often to split"));
}

TEST(TemplateMethodsTest, Maps) {
  EXPECT_EQ(rendered("{{{'a': 1}.get('a')}} {{{'a': 1}.get('b', 2)}} {{{}.get('a')}}"), "1 2 NULL");
  EXPECT_THAT(refused("{{'a'.get('a')}}"), HasSubstr("get is for maps; this is a text"));
}

TEST(TemplateMethodsTest, WhatDoesNotFit) {
  EXPECT_THAT(refused("{{'a'.format()}}"), HasSubstr("Templates have no method 'format'."));
  EXPECT_THAT(refused("{{'a'.upper(1)}}"), HasSubstr("upper takes 0 arguments."));
  EXPECT_THAT(refused("{{[1].upper()}}"), HasSubstr("this is a list"));
  EXPECT_THAT(refused("{{'a'.split('')}}"), HasSubstr("The separator is empty."));
  const std::string text(1000, 'a');
  EXPECT_THAT(refused("{{x.replace('a', x)}}", {{"x", text}}), HasSubstr("bytes"));
}

}  // namespace
}  // namespace sluice

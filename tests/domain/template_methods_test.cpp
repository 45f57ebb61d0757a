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

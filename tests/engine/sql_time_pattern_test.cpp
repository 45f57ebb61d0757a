#include "engine/sql_time_pattern.h"

#include "engine/function_world.h"

namespace sluice {
namespace {

using SqlTimePatternTest = FunctionTest;
using testing::HasSubstr;

TEST_F(SqlTimePatternTest, WritesEveryCode) {
  expect(
      {{"formatDateTime('2024-01-05 00:11:12', '%a|%b|%c|%C|%d|%D|%e|%F|%g|%G|%h|%H|%i|%I|%j')",
        "'Fri|Jan|01|20|05|01/05/24|5|2024-01-05|24|2024|12|00|11|12|005'"},
       {"formatDateTime('2024-01-05 00:11:12', '%k|%l|%m|%M|%p|%Q|%r|%R|%s|%S|%T|%u|%V|%w|%W|%y')",
        "'00|12|01|January|AM|1|12:11 AM|00:11|12|12|00:11:12|5|01|5|Friday|24'"},
       {"formatDateTime('2024-01-05 10:11:12.3456', '%Y %f %z %% x')", "'2024 345600 +0000 % x'"},
       {"formatDateTime('2024-07-05 00:11:12', '%F %T %z', 'Europe/Berlin')",
        "'2024-07-05 02:11:12 +0200'"},
       {"hex(formatDateTime('2024-07-05', '%n%t'))", "'0A09'"}});
}

TEST_F(SqlTimePatternTest, ReadsThemBack) {
  const auto read = [](const std::string& text, const std::string& pattern) {
    return "parseDateTime('" + text + "', '" + pattern + "')";
  };
  expect({{read("2024-01-05 10:11:12", "%Y-%m-%d %H:%i:%S"), "'2024-01-05 10:11:12'"},
          {read("05/Jan/2024:10:11:12", "%d/%b/%Y:%H:%i:%S"), "'2024-01-05 10:11:12'"},
          {read("2024", "%Y"), "'2024-01-01 00:00:00'"},
          {read("10:11 PM", "%h:%i %p"), "'1970-01-01 22:11:00'"},
          {read("12:00 AM", "%h:%i %p"), "'1970-01-01 00:00:00'"},
          {read("1 2 2024", "%e %c %Y"), "'2024-02-01 00:00:00'"},
          {read("Jan", "%b"), "'2000-01-01 00:00:00'"},
          {read("2024 100", "%Y %j"), "'2024-04-09 00:00:00'"},
          {read("2024-01-05 10:11:12 +0200", "%F %T %z"), "'2024-01-05 08:11:12'"},
          {read("Friday, January 5 24", "%W, %M %e %y"), "'2024-01-05 00:00:00'"}});
}

TEST_F(SqlTimePatternTest, WhatDoesNotFit) {
  expect(
      {{"parseDateTimeOrNull('x', '%Y'), parseDateTimeOrZero('x', '%Y')",
        "null,'1970-01-01 00:00:00'"},
       {"parseDateTimeOrNull('2023 366', '%Y %j'), parseDateTimeOrNull('24:00', '%R')",
        "null,null"},
       {"parseDateTimeOrNull('2024-01-05x', '%F'), parseDateTimeOrNull('', '%F')", "null,null"}});
  EXPECT_THAT(fault("parseDateTime('2024-02-30', '%F')"), HasSubstr("can't be read as a time"));
}

TEST_F(SqlTimePatternTest, UnknownCodes) {
  EXPECT_THAT(fault("formatDateTime('2024-01-01', '%E')"), HasSubstr("has the unknown code '%E'"));
  EXPECT_THAT(fault("formatDateTime('2024-01-01', '%')"), HasSubstr("has the unknown code '%'"));
  EXPECT_THAT(fault("parseDateTime('1', '%Q')"), HasSubstr("the code '%Q' can't be read back"));
  EXPECT_THAT(fault("formatDateTime('2024-01-01', repeat('%T', 1000))"),
              HasSubstr("more than 1000 bytes"));
}

}  // namespace
}  // namespace sluice

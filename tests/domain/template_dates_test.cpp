#include "domain/template_dates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/template_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::string read(const std::string& text, const std::string& format) {
  const std::optional<Timestamp> time = read_date_as(text, format);
  return time ? format_timestamp(*time) : "nothing";
}

TEST(TemplateDatesTest, ReadsWhatAFormatSays) {
  EXPECT_EQ(read("2026-11-24", "%Y-%m-%d"), "2026-11-24 00:00:00.000000");
  EXPECT_EQ(read("24/1/2026 7:05", "%d/%m/%Y %H:%M"), "2026-01-24 07:05:00.000000");
  EXPECT_EQ(read("2026-11-24T08:30:01.521Z", "%Y-%m-%dT%H:%M:%S.%fz"),
            "2026-11-24 08:30:01.521000");
  EXPECT_EQ(read("2026-11-24 08:30:00+0200", "%Y-%m-%d %H:%M:%S%z"), "2026-11-24 06:30:00.000000");
  EXPECT_EQ(read("2026-11-24 08:30:00-02:00", "%Y-%m-%d %H:%M:%S%z"), "2026-11-24 10:30:00.000000");
  EXPECT_EQ(read("100%20261124", "100%%%Y%m%d"), "2026-11-24 00:00:00.000000");
}

TEST(TemplateDatesTest, NothingForAnotherForm) {
  for (const char* text : {"2026-11-24 08:30:00", "2026-11", "", "2026-13-01", "2026-02-30",
                           "x026-11-24", "2026-11-24 "}) {
    EXPECT_EQ(read(text, "%Y-%m-%d"), "nothing") << text;
  }
  EXPECT_EQ(read("", ""), "1900-01-01 00:00:00.000000");
  EXPECT_EQ(read("+0", "%z"), "nothing");
  EXPECT_THAT(caught([] { read_date_as("1", "%j"); }).what(), HasSubstr("'%j'"));
}

TEST(TemplateDatesTest, Differences) {
  const RunVariables dates = {
      {"a", "2026-11-24 10:00:00"}, {"b", "2026-11-22T09:59:59Z"}, {"c", "x"}};
  EXPECT_EQ(rendered("{{date_diff_in_days(a, b)}} {{day_diff(b, a)}}", dates), "2 2");
  EXPECT_EQ(rendered("{{date_diff_in_hours(a, b)}} {{date_diff_in_minutes(a, b)}}", dates),
            "48 2880");
  EXPECT_EQ(rendered("{{date_diff_in_seconds(a, b)}}", dates), "172801");
  EXPECT_THAT(refused("{{day_diff(a, c)}}", dates), HasSubstr("'x' is no date"));
  EXPECT_EQ(rendered("{{day_diff(a, c, none_if_error=True)}}", dates), "NULL");
}

TEST(TemplateDatesTest, AFormatIsHeld) {
  const RunVariables dates = {{"a", "2026-11-24"}, {"b", "2026-11-22 10:00:00"}};
  EXPECT_THAT(refused("{{date_diff_in_days(a, b, '%Y-%m-%d')}}", dates), HasSubstr("is no date"));
  EXPECT_EQ(rendered("{{date_diff_in_days(a, b, '%Y-%m-%d', '%Y-%m-%d %H:%M:%S')}}", dates), "1");
  EXPECT_EQ(
      rendered("{% if date_diff_in_days(a, b, date_format='%Y-%m-%d', none_if_error=True) is None "
               "%}other{% end %}",
               dates),
      "other");
}

}  // namespace
}  // namespace sluice

#include "domain/date_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

std::string formatted(std::string_view format, std::string_view time) {
  std::string out;
  DateFormat::parse(format).append(out, parse_timestamp(time).value());
  return out;
}

std::string read(std::string_view text) {
  const auto time = read_date_text(text);
  return time ? format_timestamp(*time) : "no date";
}

TEST(DateFormat, EveryCode) {
  const std::string time = "2026-03-09 15:04:05";  // A Monday.
  EXPECT_EQ(formatted("%Y %y %Q %m %b %d %j", time), "2026 26 1 03 Mar 09 068");
  EXPECT_EQ(formatted("%G %V %u %w %a", time), "2026 11 1 1 Mon");
  EXPECT_EQ(formatted("%H %I %p %i %S %s", time), "15 03 PM 04 05 05");
  EXPECT_EQ(formatted("%F %R %T %%", time), "2026-03-09 15:04 15:04:05 %");
  EXPECT_EQ(formatted("%I%p", "2026-03-09 00:10:00"), "12AM");
  EXPECT_EQ(formatted("%I%p", "2026-03-09 12:10:00"), "12PM");
  EXPECT_EQ(formatted("year=%Y/%m", time), "year=2026/03");
}

TEST(DateFormat, WeeksBelongToTheYearOfTheirThursday) {
  EXPECT_EQ(formatted("%G-W%V-%u", "2027-01-01 00:00:00"), "2026-W53-5");
  EXPECT_EQ(formatted("%G-W%V-%u", "2024-12-30 00:00:00"), "2025-W01-1");
  EXPECT_EQ(formatted("%G-W%V-%u", "2026-01-04 00:00:00"), "2026-W01-7");
}

TEST(DateFormat, UnknownCodesAreNamed) {
  for (const char* bad : {"%M", "%x", "%", "%Y%"}) EXPECT_THROW(DateFormat::parse(bad), Error);
  try {
    DateFormat::parse("%Y-%M");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'%M'"));
    EXPECT_THAT(error.what(), testing::HasSubstr("Use %i for the minute"));
  }
}

TEST(DateText, FormsOfDates) {
  EXPECT_EQ(read("2026-11-23"), "2026-11-23 00:00:00.000000");
  EXPECT_EQ(read("2026-11-23 08:30"), "2026-11-23 08:30:00.000000");
  EXPECT_EQ(read("2026-11-23T08:30:01Z"), "2026-11-23 08:30:01.000000");
  EXPECT_EQ(read("2026-11-23 08:30:01.25"), "2026-11-23 08:30:01.250000");
  EXPECT_EQ(read("2026-11-23T01:30:00+02:00"), "2026-11-22 23:30:00.000000");
  EXPECT_EQ(read("2026-11-23T01:30:00-0230"), "2026-11-23 04:00:00.000000");
  EXPECT_EQ(read("2026-11-23T01:30+02"), "2026-11-22 23:30:00.000000");
  EXPECT_EQ(read("2026-11-23T01:30Z"), "2026-11-23 01:30:00.000000");
  EXPECT_EQ(read("2026-11-23T23:30:00-00:45"), "2026-11-24 00:15:00.000000");
  for (const char* bad :
       {"", "2026", "2026-02-30", "23.11.2026", "2026-11-23 24:00:00", "2026-11-23T08:30:00+2",
        "2026-11-23T08:30:00Z+02:00", "now", "2026-11-23 08:30:00 UTC", "2026-11-23x"}) {
    EXPECT_EQ(read(bad), "no date") << bad;
  }
}

TEST(UnixTime, UnitFollowsFromTheSize) {
  const std::string day = "2026-11-23 08:30:00.000000";
  for (int64_t value : {1795422600LL, 1795422600000LL, 1795422600000000LL, 1795422600000000000LL}) {
    EXPECT_EQ(format_timestamp(read_unix_time(value).value()), day) << value;
  }
  EXPECT_EQ(format_timestamp(read_unix_time(0).value()), "1970-01-01 00:00:00.000000");
  EXPECT_EQ(format_timestamp(read_unix_time(-86400).value()), "1969-12-31 00:00:00.000000");
  EXPECT_TRUE(read_unix_time(INT64_MIN));
  EXPECT_TRUE(read_unix_time(INT64_MAX));
}

}  // namespace
}  // namespace sluice

#include "domain/moment_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string read(std::string_view text, const TimeZone& zone = {}) {
  const auto time = read_moment(text, zone);
  return time ? format_timestamp(*time) : "no time";
}

TEST(MomentText, Dates) {
  EXPECT_EQ(read("2026-11-23"), "2026-11-23 00:00:00.000000");
  EXPECT_EQ(read("2026-11-23 08:30"), "2026-11-23 08:30:00.000000");
  EXPECT_EQ(read("2026-11-23T08:30:00.123456789Z"), "2026-11-23 08:30:00.123456");
  EXPECT_EQ(read("2026-11-23T08:30:00+0200"), "2026-11-23 06:30:00.000000");
  EXPECT_EQ(read("20261123"), "2026-11-23 00:00:00.000000");
  EXPECT_EQ(read("20261123083001"), "2026-11-23 08:30:01.000000");
}

TEST(MomentText, UnixTimes) {
  EXPECT_EQ(read("1795422600"), "2026-11-23 08:30:00.000000");
  EXPECT_EQ(read("1795422600123"), "2026-11-23 08:30:00.123000");
  EXPECT_EQ(read("1795422600.25"), "2026-11-23 08:30:00.250000");
  EXPECT_EQ(read("-1"), "1969-12-31 23:59:59.000000");
  EXPECT_EQ(format_timestamp(*read_moment(int64_t{1795422600}, {})), "2026-11-23 08:30:00.000000");
  EXPECT_EQ(format_timestamp(*read_moment(1795422600.125)), "2026-11-23 08:30:00.125000");
  EXPECT_EQ(format_timestamp(*read_moment(-0.5)), "1969-12-31 23:59:59.500000");
  EXPECT_EQ(read_moment(1e300), std::nullopt);
}

TEST(MomentText, CivilTimeOfAZone) {
  const TimeZone berlin = TimeZone::find("Europe/Berlin");
  EXPECT_EQ(read("2026-07-01 12:00:00.5", berlin), "2026-07-01 10:00:00.500000");
  EXPECT_EQ(read("2026-11-23 00:00", berlin), "2026-11-22 23:00:00.000000");
  EXPECT_EQ(read("20261123", berlin), "2026-11-22 23:00:00.000000");
  EXPECT_EQ(read("2026-07-01T12:00:00Z", berlin), "2026-07-01 12:00:00.000000");
  EXPECT_EQ(read("2026-07-01T12:00:00-01:00", berlin), "2026-07-01 13:00:00.000000");
  EXPECT_EQ(read("1795422600", berlin), "2026-11-23 08:30:00.000000");
}

TEST(MomentText, WhatIsNoTime) {
  for (const char* wrong : {"", "-", "x", "2026-13-01", "2026-02-30", "99999999999999999999", "1e5",
                            "1.2.3", "2026-11-23 25:00:00", "tomorrow", "--5", "nan"}) {
    EXPECT_EQ(read(wrong), "no time") << wrong;
  }
}

TEST(MomentText, Written) {
  const Timestamp time = *read_moment("2026-03-09 05:04:03.000456", {});
  std::string text;
  append_date(text, time);
  EXPECT_EQ(text, "2026-03-09");
  for (int digits : {0, 3, 6}) {
    text.clear();
    append_moment(text, time, digits);
    const std::string full = "2026-03-09 05:04:03.000456";
    EXPECT_EQ(text, full.substr(0, digits == 0 ? 19 : 20 + static_cast<size_t>(digits)));
  }
  text.clear();
  append_moment(text, *read_moment("0001-01-01", {}), 0);
  EXPECT_EQ(text, "0001-01-01 00:00:00");
}

}  // namespace
}  // namespace sluice

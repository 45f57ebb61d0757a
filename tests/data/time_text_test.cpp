#include "data/time_text.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <limits>
#include <string>

#include "data/value_text.h"

namespace sluice {
namespace {

std::string date(int64_t days) {
  std::string text(kNumberBytes, '\0');
  text.resize(static_cast<size_t>(write_date(text.data(), days) - text.data()));
  return text;
}

std::string timestamp(int64_t value, uint32_t digits, bool zoned = false) {
  std::string text(kNumberBytes, '\0');
  char* const end = write_timestamp(text.data(), value, {digits, zoned});
  text.resize(static_cast<size_t>(end - text.data()));
  return text;
}

TEST(TimeText, Dates) {
  EXPECT_EQ(date(0), "1970-01-01");
  EXPECT_EQ(date(19782), "2024-02-29");
  EXPECT_EQ(date(-1), "1969-12-31");
  EXPECT_EQ(date(-25567), "1900-01-01");
  EXPECT_EQ(date(120529), "2299-12-31");
  EXPECT_EQ(date(-719528), "0000-01-01");
  EXPECT_EQ(date(2932896), "9999-12-31");
  EXPECT_EQ(date(2932897), "10000-01-01");
  EXPECT_EQ(date(-719529), "-1-12-31");
  EXPECT_EQ(date(std::numeric_limits<int32_t>::max()), "5881580-07-11");
}

TEST(TimeText, EveryDayFollowsTheOneBefore) {
  using std::chrono::days;
  using std::chrono::sys_days;
  for (int64_t day = -719528; day <= 2932896; day += 7) {
    const std::chrono::year_month_day wanted{sys_days{days(day)}};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(wanted.year()),
                  static_cast<unsigned>(wanted.month()), static_cast<unsigned>(wanted.day()));
    ASSERT_EQ(date(day), text);
  }
}

TEST(TimeText, Timestamps) {
  EXPECT_EQ(timestamp(0, 0), "1970-01-01 00:00:00");
  EXPECT_EQ(timestamp(1709214301, 0), "2024-02-29 13:45:01");
  EXPECT_EQ(timestamp(1709214301123, 3, true), "2024-02-29 13:45:01.123Z");
  EXPECT_EQ(timestamp(1709214301000000001, 9), "2024-02-29 13:45:01.000000001");
  EXPECT_EQ(timestamp(5, 1), "1970-01-01 00:00:00.5");
}

TEST(TimeText, TimesBefore1970CountForward) {
  EXPECT_EQ(timestamp(-1, 0), "1969-12-31 23:59:59");
  EXPECT_EQ(timestamp(-1, 3), "1969-12-31 23:59:59.999");
  EXPECT_EQ(timestamp(-1000, 3), "1969-12-31 23:59:59.000");
  EXPECT_EQ(timestamp(-2208988800, 0), "1900-01-01 00:00:00");
  EXPECT_EQ(split_time(-1, {3}).seconds, -1);
  EXPECT_EQ(split_time(-1, {3}).fraction, 999);
}

TEST(TimeText, TheLongestHaveRoom) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(timestamp(kLeast, 9, true), "1677-09-21 00:12:43.145224192Z");
  EXPECT_EQ(timestamp(kLeast, 0, true), "-292277022657-01-27 08:29:52Z");
  for (uint32_t digits = 0; digits <= 9; ++digits) {
    EXPECT_LE(timestamp(kLeast, digits, true).size(), kNumberBytes);
  }
}

}  // namespace
}  // namespace sluice

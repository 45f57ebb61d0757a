#include "domain/schedule_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string said(std::string_view cron, std::string_view zone = "UTC") {
  return describe({CronExpression::parse(cron), TimeZone::find(zone)});
}

TEST(ScheduleText, EverySoOften) {
  EXPECT_EQ(said("0 */1 * * *"), "every hour, on the hour, UTC");
  EXPECT_EQ(said("@hourly"), "every hour, on the hour, UTC");
  EXPECT_EQ(said("* * * * *"), "every minute, UTC");
  EXPECT_EQ(said("*/15 * * * *"), "every 15 minutes, UTC");
  EXPECT_EQ(said("*/5 3 * * *"), "every 5 minutes in hour 3, UTC");
  EXPECT_EQ(said("5 */6 * * *"), "every 6 hours, at 5 minutes past, UTC");
  EXPECT_EQ(said("1 * * * *"), "every hour, at 1 minute past, UTC");
  EXPECT_EQ(said("5,20 * * * *"), "at minutes 5 and 20 of every hour, UTC");
}

TEST(ScheduleText, TimesOfTheDay) {
  EXPECT_EQ(said("@daily"), "every day at 00:00, UTC");
  EXPECT_EQ(said("30 8,17 * * *", "Europe/Berlin"), "every day at 08:30 and 17:30, Europe/Berlin");
  EXPECT_EQ(said("30 8 * * 1-5"), "at 08:30, Monday to Friday, UTC");
  EXPECT_EQ(said("0 0 * * 0,6"), "at 00:00, Saturday and Sunday, UTC");
  EXPECT_EQ(said("@weekly"), "at 00:00, Sunday, UTC");
  EXPECT_EQ(said("0 9-17 * * *"), "at minute 0 in hours 9 to 17, UTC");
}

TEST(ScheduleText, DaysOfTheMonth) {
  EXPECT_EQ(said("@monthly"), "at 00:00, on day 1 of the month, UTC");
  EXPECT_EQ(said("0 0 L * *"), "at 00:00, on the last day of the month, UTC");
  EXPECT_EQ(said("0 0 1,15,L * *"),
            "at 00:00, on days 1 and 15 and the last day of the month, UTC");
  EXPECT_EQ(said("@yearly"), "at 00:00, on day 1 of the month, in January, UTC");
  EXPECT_EQ(said("0 0 * 1-3,7 *"), "every day at 00:00, in January to March and July, UTC");
  EXPECT_EQ(said("0 7 * * 5#2,1L"),
            "at 07:00, the second Friday of the month and the last Monday of the month, UTC");
  EXPECT_EQ(said("0 0 13 * 5"), "at 00:00, on day 13 of the month and on Friday, UTC");
  EXPECT_EQ(said("0 0 */2 * 1"),
            "at 00:00, on days 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29 and 31 of the "
            "month if it is Monday, UTC");
}

}  // namespace
}  // namespace sluice

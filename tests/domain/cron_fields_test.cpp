#include "domain/cron_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::string failure(std::string_view text) {
  try {
    parse_cron_fields(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    return error.what();
  }
  return "accepted";
}

TEST(CronFields, OneBitPerValue) {
  const CronFields fields = parse_cron_fields("5,10-12 */12 1 jan-mar sun,5");
  EXPECT_EQ(fields.minutes, 1ULL << 5 | 1ULL << 10 | 1ULL << 11 | 1ULL << 12);
  EXPECT_EQ(fields.hours, 1U << 0 | 1U << 12);
  EXPECT_EQ(fields.month_days, 1U << 1);
  EXPECT_EQ(fields.months, 1U << 1 | 1U << 2 | 1U << 3);
  EXPECT_EQ(fields.weekdays, 1U << 0 | 1U << 5);
  EXPECT_TRUE(fields.any_hour);
  EXPECT_FALSE(fields.any_minute || fields.any_month_day || fields.any_weekday);
}

TEST(CronFields, DaysOfTheMonthByName) {
  const CronFields fields = parse_cron_fields("0 0 l,3 * 5#2,SUN#5,7L,fril,1");
  EXPECT_TRUE(fields.last_day);
  EXPECT_EQ(fields.month_days, 1U << 3);
  EXPECT_EQ(fields.nth_weekdays[2], 1U << 5);
  EXPECT_EQ(fields.nth_weekdays[5], 1U << 0);
  EXPECT_EQ(fields.last_weekdays, 1U << 0 | 1U << 5);
  EXPECT_EQ(fields.weekdays, 1U << 1);
}

TEST(CronFields, WhatThoseCannotBe) {
  EXPECT_THAT(failure("0 0 * * 5#6"), HasSubstr("1 to 5 after #: '5#6'"));
  EXPECT_THAT(failure("0 0 * * 5#"), HasSubstr("after #"));
  EXPECT_THAT(failure("0 0 * * 8#1"), HasSubstr("out of range"));
  EXPECT_THAT(failure("0 0 * * L"), HasSubstr("needs a weekday before L"));
  EXPECT_THAT(failure("0 0 * * 1-5L"), HasSubstr("no value"));
  EXPECT_THAT(failure("0 0 * * 1-5#2"), HasSubstr("no value"));
  EXPECT_THAT(failure("0 0 L-3 * *"), HasSubstr("no value"));
  EXPECT_THAT(failure("0 L * * *"), HasSubstr("The hour field"));
  EXPECT_THAT(failure("0 0 * 5#1 *"), HasSubstr("The month field"));
}

TEST(CronFields, ShownPrintableAndShort) {
  EXPECT_EQ(shown_schedule("a\nb\xff"), "a?b?");
  EXPECT_EQ(shown_schedule(std::string(100, 'x')), std::string(80, 'x') + "...");
}

}  // namespace
}  // namespace sluice

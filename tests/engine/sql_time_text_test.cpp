#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlTimeTextTest = FunctionTest;

TEST_F(SqlTimeTextTest, FromUnixTime) {
  expect({{"fromUnixTimestamp(1700000000), fromUnixTimestamp(1700000000, '%Y')",
           "'2023-11-14 22:13:20','2023'"},
          {"fromUnixTimestamp64Milli(1700000000123), fromUnixTimestamp64Micro(-1)",
           "'2023-11-14 22:13:20.123','1969-12-31 23:59:59.999999'"},
          {"fromUnixTimestamp64Nano(1999), fromUnixTimestamp64Milli(0, 'Asia/Tokyo')",
           "'1970-01-01 00:00:00.000001000','1970-01-01 09:00:00.000'"}});
  EXPECT_THAT(fault("fromUnixTimestamp64Milli(9223372036854775807)"), HasSubstr("is no time"));
  EXPECT_THAT(fault("fromUnixTimestamp(1e15)"), HasSubstr("is no time"));
}

TEST_F(SqlTimeTextTest, BestEffort) {
  expect(
      {{"parseDateTimeBestEffort('5 Jan 2024 10:11 PM')", "'2024-01-05 22:11:00'"},
       {"parseDateTimeBestEffort('2024-07-05 10:00', 'Europe/Berlin')", "'2024-07-05 08:00:00'"},
       {"parseDateTimeBestEffortOrNull('nope'), parseDateTimeBestEffortOrZero('nope')",
        "null,'1970-01-01 00:00:00'"},
       {"parseDateTime64BestEffort('2024-01-05 10:11:12.345678', 2)", "'2024-01-05 10:11:12.34'"}});
  EXPECT_THAT(fault("parseDateTimeBestEffort('nope')"),
              HasSubstr("'nope', can't be read as a time"));
}

TEST_F(SqlTimeTextTest, MakesAndNames) {
  expect({{"makeDate(2024, 2, 29), makeDateTime(2024, 2, 5, 1, 2, 3)",
           "'2024-02-29','2024-02-05 01:02:03'"},
          {"monthName('2024-02-05'), dateName('weekday', '2024-02-05')", "'February','Monday'"}});
  EXPECT_THAT(fault("makeDate(2023, 2, 29)"), HasSubstr("is no day of that month"));
  EXPECT_THAT(fault("makeDate(2023, 13, 1)"), HasSubstr("is not between 1 and 12"));
}

}  // namespace
}  // namespace sluice

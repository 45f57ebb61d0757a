#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlTimePartsTest = FunctionTest;

TEST_F(SqlTimePartsTest, Parts) {
  const std::string time = "('2024-01-07 10:59:08.123456')";
  expect({{"toYear" + time + ", toQuarter" + time + ", toMonth" + time + ", toDayOfMonth" + time,
           "2024,1,1,7"},
          {"toHour" + time + ", toMinute" + time + ", toSecond" + time + ", toMillisecond" + time,
           "10,59,8,123"},
          {"toMicrosecond" + time + ", toDayOfYear('2024-02-05'), toHour('2024-01-01')",
           "123456,36,0"},
          {"toYYYYMM" + time + ", toYYYYMMDD" + time + ", toYYYYMMDDhhmmss" + time,
           "202401,20240107,20240107105908"},
          {"year" + time + ", month" + time + ", day" + time + ", hour" + time, "2024,1,7,10"}});
}

TEST_F(SqlTimePartsTest, WeeksAndTheirDays) {
  expect({{"toDayOfWeek('2024-01-07'), toDayOfWeek('2024-01-07', 1), toDayOfWeek('2024-01-07', 2), "
           "toDayOfWeek('2024-01-07', 3)",
           "7,6,0,1"},
          {"toISOWeek('2024-12-31'), toISOYear('2024-12-31'), toWeek('2024-12-31')", "1,2025,52"},
          {"toWeek('2024-12-31', 3), toYearWeek('2024-12-31'), toYearWeek('2024-12-31', 3)",
           "1,202452,202501"}});
}

TEST_F(SqlTimePartsTest, UnixTime) {
  expect({{"toUnixTimestamp('2024-01-05 10:59:59'), toUnixTimestamp('2024-01-05')",
           "1704452399,1704412800"},
          {"toUnixTimestamp('2024-01-05 10:59:59', 'Europe/Berlin')", "1704448799"},
          {"toUnixTimestamp64Milli('2024-01-05 10:59:59.1'), toUnixTimestamp64Micro('1970-01-01 "
           "00:00:00.000001')",
           "1704452399100,1"},
          {"toUnixTimestamp('1969-12-31 23:59:59.5'), toUnixTimestamp64Nano('1970-01-02')",
           "-1,86400000000000"}});
  EXPECT_THAT(fault("toUnixTimestamp64Nano('9000-01-01')"), HasSubstr("1678 to 2262"));
}

TEST_F(SqlTimePartsTest, InAZone) {
  expect(
      {{"toHour('2024-01-05 23:30:00', 'Asia/Kolkata'), toDayOfMonth('2024-01-05 23:30:00', "
        "'Asia/Kolkata')",
        "5,6"}});
}

}  // namespace
}  // namespace sluice

#include <set>

#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlTimeFunctionsTest = FunctionTest;

TEST_F(SqlTimeFunctionsTest, NowIsTheClocksTime) {
  expect({{"now(), today(), yesterday()", "'2026-11-23 08:30:00','2026-11-23','2026-11-22'"},
          {"now('Asia/Kolkata'), now64(), today('Pacific/Kiritimati')",
           "'2026-11-23 14:00:00','2026-11-23 08:30:00.000','2026-11-23'"}});
}

TEST_F(SqlTimeFunctionsTest, NowIsTheSameForAllOfAStatement) {
  const auto reader =
      world_.open("SELECT now() FROM shop.n, shop.n AS m, shop.n AS o, shop.n AS p");
  Batch batch;
  std::set<std::string> seen;
  while (reader->next(batch)) {
    for (size_t row = 0; row < batch.rows(); ++row) seen.insert(shown(batch, batch.at(0, row)));
    world_.clock.advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"'2026-11-23 08:30:00'"}));
  EXPECT_NE(value("now()"), "'2026-11-23 08:30:00'");
}

TEST_F(SqlTimeFunctionsTest, AQueryMayBringItsMoment) {
  const Query query{{{"v", "SELECT today() AS d"}},
                    "SELECT d, now() FROM v",
                    parse_timestamp("2020-02-29 01:02:03")};
  EXPECT_EQ(rest_of(*world_.engine().open(query, kLongRun, {})),
            (std::vector<std::string>{"'2020-02-29','2020-02-29 01:02:03'"}));
}

TEST_F(SqlTimeFunctionsTest, Converts) {
  expect({{"toDate(19000), toDate(1700000000), toDate('2024-01-05 10:11:12')",
           "'2022-01-08','2023-11-14','2024-01-05'"},
          {"toDate('2024-01-05 23:30:00', 'Europe/Berlin')", "'2024-01-06'"},
          {"toDateTime('2024-01-05'), toDateTime(1700000000.7), toDateTime('1700000000')",
           "'2024-01-05 00:00:00','2023-11-14 22:13:20','2023-11-14 22:13:20'"},
          {"toDateTime('2024-07-05 00:11:12', 'Europe/Berlin')", "'2024-07-05 02:11:12'"},
          {"toDateTime64('2024-01-05 10:11:12.34567', 3), toDateTime64(1700000000.1239)",
           "'2024-01-05 10:11:12.345','2023-11-14 22:13:20.123'"},
          {"toDateOrNull('x'), toDateOrZero('x'), toDateTimeOrNull('2024-13-01')",
           "null,'1970-01-01',null"},
          {"toDateTimeOrZero('x'), toTimeZone('2024-07-05 00:11:12', 'Asia/Tokyo')",
           "'1970-01-01 00:00:00','2024-07-05 09:11:12'"}});
  EXPECT_THAT(fault("toDate('2024-02-30')"),
              HasSubstr("argument 1, '2024-02-30', is no date or time"));
  EXPECT_THAT(fault("toDateTime(1e18)"), HasSubstr("is no date or time"));
}

TEST_F(SqlTimeFunctionsTest, Truncates) {
  const std::string time = "('2024-01-05 10:11:12.345')";
  expect({{"toStartOfSecond" + time + ", toStartOfMillisecond" + time,
           "'2024-01-05 10:11:12.000','2024-01-05 10:11:12.345'"},
          {"toStartOfMinute" + time + ", toStartOfFiveMinutes" + time + ", timeSlot" + time,
           "'2024-01-05 10:11:00','2024-01-05 10:10:00','2024-01-05 10:00:00'"},
          {"toStartOfHour" + time + ", toStartOfDay" + time + ", toStartOfDay('2024-01-05')",
           "'2024-01-05 10:00:00','2024-01-05 00:00:00','2024-01-05 00:00:00'"},
          {"toStartOfWeek" + time + ", toStartOfWeek('2024-01-05', 1), toMonday" + time,
           "'2023-12-31','2024-01-01','2024-01-01'"},
          {"toStartOfMonth" + time + ", toStartOfQuarter('2024-06-01'), toStartOfYear" + time,
           "'2024-01-01','2024-04-01','2024-01-01'"},
          {"toLastDayOfMonth('2024-02-05'), toLastDayOfWeek('2024-01-05')",
           "'2024-02-29','2024-01-06'"},
          {"toStartOfISOYear('2024-12-31'), date_trunc('month', '2024-01-05')",
           "'2024-12-30','2024-01-01'"}});
}

TEST_F(SqlTimeFunctionsTest, TruncatesToSteps) {
  const auto start = [](const std::string& step) {
    return "toStartOfInterval('2024-01-05 10:11:12.345', " + step + ")";
  };
  expect({{start("7, 'minute'"), "'2024-01-05 10:11:00'"},
          {start("5, 'hour'"), "'2024-01-05 10:00:00'"},
          {start("3, 'day'"), "'2024-01-03 00:00:00'"},
          {start("2, 'week'"), "'2023-12-25'"},
          {start("11, 'month'"), "'2023-10-01'"},
          {start("7, 'quarter'"), "'2022-07-01'"},
          {start("3, 'year'"), "'2022-01-01'"},
          {start("17, 'second'"), "'2024-01-05 10:11:01'"},
          {start("10, 'millisecond'"), "'2024-01-05 10:11:12.340'"},
          {start("7, 'minute', 'Asia/Kolkata'"), "'2024-01-05 15:41:00'"},
          {start("5, 'hour', 'Asia/Kolkata'"), "'2024-01-05 15:00:00'"}});
  EXPECT_THAT(fault(start("0, 'day'")), HasSubstr("is not between 1 and"));
}

TEST_F(SqlTimeFunctionsTest, DaysBeginWhereTheZoneSays) {
  expect({{"toStartOfDay('2024-07-05 23:11:12', 'Europe/Berlin')", "'2024-07-06 00:00:00'"},
          {"toStartOfHour('2024-01-05 10:11:12', 'Asia/Kolkata')", "'2024-01-05 15:00:00'"}});
}

}  // namespace
}  // namespace sluice

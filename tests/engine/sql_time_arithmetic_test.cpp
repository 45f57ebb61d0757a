#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlTimeArithmeticTest = FunctionTest;

TEST_F(SqlTimeArithmeticTest, Adds) {
  expect({{"addMonths('2024-01-31', 1), addYears('2024-02-29', 1), addQuarters('2024-01-31', 1)",
           "'2024-02-29','2025-02-28','2024-04-30'"},
          {"addDays('2024-01-05 10:59:59.100', -1), addHours('2024-01-31', 1)",
           "'2024-01-04 10:59:59.100','2024-01-31 01:00:00'"},
          {"subtractWeeks('2024-01-31 01:02:03', 1), subtractMonths('2024-03-31', 1)",
           "'2024-01-24 01:02:03','2024-02-29'"},
          {"addMilliseconds('2024-01-05 10:59:59', 5), addSeconds(1700000000, 1)",
           "'2024-01-05 10:59:59.005','2023-11-14 22:13:21'"},
          {"dateAdd('day', 1, '2024-02-28'), date_sub('month', 1, '2024-03-31')",
           "'2024-02-29','2024-02-29'"},
          {"addMinutes('2024-01-01', -1), addMonths('2024-01-15', -13)",
           "'2023-12-31 23:59:00','2022-12-15'"}});
}

TEST_F(SqlTimeArithmeticTest, CountsBeginnings) {
  expect(
      {{"dateDiff('week', '2024-01-07', '2024-01-08'), dateDiff('month', '2024-01-31', "
        "'2024-02-01')",
        "1,1"},
       {"dateDiff('hour', '2024-01-05 10:59:59', '2024-01-05 11:00:00')", "1"},
       {"dateDiff('millisecond', '2024-01-05 10:59:59.100', '2024-01-05 10:59:59.3')", "200"},
       {"dateDiff('day', '2024-01-05 22:59:59', '2024-01-05 23:00:00', 'Europe/Berlin')", "1"},
       {"dateDiff('year', '2024-12-31', '2020-01-01'), date_diff('dd', '2024-01-31', '2024-02-29')",
        "-4,29"}});
}

TEST_F(SqlTimeArithmeticTest, HoursPassAlikeWhenClocksArePutForward) {
  expect(
      {{"dateDiff('hour', '2026-03-29 00:30:00', '2026-03-29 01:30:00', 'Europe/Berlin')", "1"},
       {"dateDiff('minute', '2026-01-01 00:00:00', '2026-07-01 00:00:00', 'Europe/Berlin')",
        "260640"},
       {"dateDiff('hour', '2024-01-05 10:29:59', '2024-01-05 10:30:00', 'Asia/Kolkata')", "1"},
       {"age('second', '2026-03-29 00:30:00', '2026-03-29 01:30:00', 'Europe/Berlin')", "3600"}});
}

TEST_F(SqlTimeArithmeticTest, CountsWholeUnits) {
  expect({{"age('year', '2020-02-29', '2021-02-28'), age('month', '2024-03-31', '2024-02-29')",
           "0,-1"},
          {"age('day', '2024-01-05 10:29:59', '2024-01-06 10:29:58')", "0"},
          {"age('month', '2024-01-31', '2024-02-29'), age('week', '2024-01-01', '2024-01-14')",
           "0,1"}});
}

TEST_F(SqlTimeArithmeticTest, NoYearBeyondTheCalendar) {
  for (const char* call :
       {"addYears('2024-01-01', 8000)", "addDays('2024-01-01', 9223372036854775807)",
        "subtractYears('2024-01-01', 9223372036854775807)", "addMicroseconds('0001-01-01', -1)",
        "addMonths('2024-01-01', -9223372036854775807)"}) {
    EXPECT_THAT(fault(call), HasSubstr("not in the years 1 to 9999")) << call;
  }
  EXPECT_THAT(fault("addDays('2024-01-01', -9223372036854775807 - 1)"),
              HasSubstr("is not between"));
  EXPECT_THAT(fault("dateDiff('ns', '1900-01-01', '9000-01-01')"), HasSubstr("1678 to 2262"));
}

TEST_F(SqlTimeArithmeticTest, UnknownUnitsAreListed) {
  EXPECT_THAT(fault("dateDiff('fortnight', '2024-01-01', '2024-01-02')"),
              HasSubstr("'fortnight', is no unit; there are nanosecond"));
}

}  // namespace
}  // namespace sluice

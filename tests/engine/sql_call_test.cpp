#include "engine/sql_call.h"

#include "engine/function_world.h"

namespace sluice {
namespace {

using SqlCallTest = FunctionTest;
using testing::HasSubstr;

TEST_F(SqlCallTest, NullGivesNull) {
  expect({{"toDate(NULL), addDays('2026-01-01', NULL), lowerUTF8(NULL)", "null,null,null"},
          {"if(NULL, 1, 2), greatest(1, NULL), isNotNull(NULL)", "2,1,0"}});
}

TEST_F(SqlCallTest, ErrorsNameFunctionArgumentAndValue) {
  EXPECT_THAT(fault("addDays('2026-01-01', 'x')"),
              HasSubstr("addDays(): argument 2, 'x', is no integer"));
  EXPECT_THAT(fault("toStartOfWeek('2026-01-01', 12)"),
              HasSubstr("argument 2, '12', is not between 0 and 9"));
  EXPECT_THAT(fault("divide('x', 1)"), HasSubstr("argument 1, 'x', is no number"));
  EXPECT_THAT(fault("addDays('2026-01-01', 1e300)"), HasSubstr("has no integer of 64 bits"));
}

TEST_F(SqlCallTest, LongValuesAreCutBetweenCharacters) {
  const std::string message = fault("toDate('" + std::string(59, 'x') + "€€')");
  EXPECT_THAT(message, HasSubstr("'" + std::string(59, 'x') + "...'"));
}

TEST_F(SqlCallTest, AnUnknownZoneSuggestsTheNearest) {
  EXPECT_THAT(fault("toHour('2026-01-01', 'Europe/Berlni')"),
              HasSubstr("toHour(): There is no time zone 'Europe/Berlni'. Did you mean "
                        "Europe/Berlin?"));
}

TEST_F(SqlCallTest, ManyZonesInOneStatement) {
  EXPECT_EQ(
      value("count(DISTINCT toHour('2026-01-01 12:00:00', 'Etc/GMT' || printf('%+d', i - 5))) "
            "FROM (SELECT i FROM shop.n WHERE i <> 5)"),
      "9");
}

TEST_F(SqlCallTest, BytesThatAreNoTextComeAsABlob) {
  EXPECT_EQ(value("typeof(unhex('ff')), typeof(unhex('61')), typeof(unhex('6100'))"),
            "'blob','text','blob'");
}

TEST_F(SqlCallTest, ALongCallEndsWithTheStatement) {
  HastyClock hasty;
  auto engine = make_sqlite_engine(world_.options, hasty);
  const Error error = caught([&] {
    rest_of(*engine->open({{}, "SELECT countMatches(repeat('ab', 1000000), 'a')"},
                          std::chrono::seconds(300), {}));
  });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout) << error.what();
}

}  // namespace
}  // namespace sluice

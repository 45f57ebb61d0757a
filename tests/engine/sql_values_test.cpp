#include "engine/sql_values.h"

#include <cmath>

#include "engine/function_world.h"

namespace sluice {
namespace {

using SqlValuesTest = FunctionTest;

std::string plain(double number) {
  std::string out;
  append_plain_real(out, number);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_repaired_json_string(out, text);
  return out;
}

TEST_F(SqlValuesTest, RealsAsClickHouseWritesThem) {
  const std::vector<std::pair<double, std::string>> cases = {
      {1.0, "1"},         {0.1, "0.1"},
      {-2.5, "-2.5"},     {1e20, "100000000000000000000"},
      {1e21, "1e21"},     {1.5e-5, "0.000015"},
      {1e-7, "1e-7"},     {123456789.125, "123456789.125"},
      {5e-324, "5e-324"}, {1.7976931348623157e308, "1.7976931348623157e308"},
      {-0.0, "-0"},       {-1.25e-9, "-1.25e-9"},
      {HUGE_VAL, "inf"},  {-HUGE_VAL, "-inf"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(plain(number), text);
}

TEST_F(SqlValuesTest, JsonStrings) {
  EXPECT_EQ(quoted("a\"\\\n\t\x01é"), "\"a\\\"\\\\\\n\\t\\u0001é\"");
  EXPECT_EQ(quoted("\xFFx\xC3"), "\"\xEF\xBF\xBDx\xEF\xBF\xBD\"");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST_F(SqlValuesTest, OrderIsThatOfSqlite) {
  for (const char* pair : {"1, 2", "1, 1.5", "-9223372036854775807, 9223372036854775807", "9, '1'",
                           "'a', 'b'", "'a', 'ab'", "'z', x'00'", "x'00', x'01'", "1.5, 'a'"}) {
    EXPECT_EQ(value(std::string("greatest(") + pair + ") IS max(" + pair + ")"), "1") << pair;
    EXPECT_EQ(value(std::string("least(") + pair + ") IS min(" + pair + ")"), "1") << pair;
  }
}

}  // namespace
}  // namespace sluice

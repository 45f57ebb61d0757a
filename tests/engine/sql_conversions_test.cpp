#include "engine/function_world.h"
#include "engine/sql_functions.h"

namespace sluice {
namespace {

using testing::HasSubstr;

using SqlConversionsTest = FunctionTest;

TEST_F(SqlConversionsTest, Integers) {
  expect({{"toInt64('12'), toInt64('+12'), toInt64(12.9), toInt64(-12.9)", "12,12,12,-12"},
          {"toInt8(300), toInt8('300'), toUInt8(-1), toUInt16(65537)", "44,44,255,1"},
          {"toInt64OrNull('12x'), toInt64OrNull(''), toInt8OrNull('300')", "null,null,null"},
          {"toInt64OrZero('12x'), toInt64OrZero(NULL), toInt8OrZero('12')", "0,null,12"},
          {"toInt64OrDefault('x', 5), toInt64OrDefault('x'), toInt64OrDefault(NULL, 7)", "5,0,7"},
          {"toUInt64(9223372036854775807)", "9223372036854775807"}});
  for (const char* wrong : {"'12x'", "'12.5'", "' 12'", "''", "'99999999999999999999'", "1e30"}) {
    EXPECT_THAT(fault(std::string("toInt64(") + wrong + ")"), HasSubstr("is no integer")) << wrong;
  }
  EXPECT_THAT(fault("toUInt64(-1)"), HasSubstr("is negative"));
}

TEST_F(SqlConversionsTest, Reals) {
  expect({{"toFloat64('1.5'), toFloat64('1e3'), toFloat64(2)", "1.5,1000.0,2.0"},
          {"toFloat64OrNull('x'), toFloat64OrZero(''), toFloat64OrNull('nan')", "null,0.0,null"},
          {"toFloat32(0.1) <> 0.1, toFloat32(0.5)", "1,0.5"},
          {"toDecimal64('1.239', 2), toDecimal64(-1.999, 2), toDecimal64('1e3', 2)",
           "1.23,-1.99,1000.0"},
          {"toDecimal32(0.29, 2), toDecimal64(7, 3), toDecimal64('12.5', 0)", "0.29,7.0,12.0"},
          {"toDecimal64OrNull('x', 2), toDecimal64OrZero('x', 2)", "null,0.0"}});
  EXPECT_THAT(fault("toFloat64('x')"), HasSubstr("is no number"));
  EXPECT_THAT(fault("toDecimal32(1, 10)"), HasSubstr("between 0 and 9"));
}

TEST_F(SqlConversionsTest, Texts) {
  expect({{"toString(1.0), toString(0.1), toString(1e21), toString(12)", "'1','0.1','1e21','12'"},
          {"toString('a'), toString(NULL), typeof(toString(x'00'))", "'a',null,'blob'"},
          {"toBool('yes'), toBool('off'), toBool(2), toBool(0)", "1,0,1,0"},
          {"toTypeName(1), toTypeName(1.5), toTypeName('a')", "'Int64','Float64','String'"}});
  EXPECT_THAT(fault("toBool('maybe')"), HasSubstr("neither true nor false"));
}

}  // namespace
}  // namespace sluice

#include "intake/parquet_decimal.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/encoding.h"
#include "support/caught.h"

namespace sluice {
namespace {

std::string text(int64_t unscaled, int scale) {
  std::string out;
  append_decimal_text(out, unscaled, scale);
  return out;
}
std::string text(std::string_view hex, int scale) {
  std::string out;
  append_decimal_text(out, std::string_view(*hex_decode(hex)), scale);
  return out;
}

TEST(ParquetDecimal, OfIntegers) {
  EXPECT_EQ(text(0, 0), "0");
  EXPECT_EQ(text(0, 2), "0.00");
  EXPECT_EQ(text(7, 2), "0.07");
  EXPECT_EQ(text(-7, 1), "-0.7");
  EXPECT_EQ(text(1250, 2), "12.50");
  EXPECT_EQ(text(-1250, 0), "-1250");
  EXPECT_EQ(text(std::numeric_limits<int64_t>::min(), 18), "-9.223372036854775808");
}

TEST(ParquetDecimal, OfBytes) {
  EXPECT_EQ(text("", 2), "0.00");
  EXPECT_EQ(text("04e2", 2), "12.50");
  EXPECT_EQ(text("fb1e", 2), "-12.50");
  EXPECT_EQ(text("ffffffffffffffffffffffffffffffff", 0), "-1");
  EXPECT_EQ(text("80", 0), "-128");
  EXPECT_EQ(text("008000000000000000", 0), "9223372036854775808");
  EXPECT_EQ(text("ff7fffffffffffffff", 0), "-9223372036854775809");
  EXPECT_EQ(text("4b3b4ca85a86c47a098a223fffffffff", 0), "99999999999999999999999999999999999999");
  EXPECT_EQ(text("b4c4b357a5793b85f675ddc000000001", 10),
            "-9999999999999999999999999999.9999999999");
  EXPECT_EQ(text("80000000000000000000000000000000"
                 "00000000000000000000000000000000",
                 0),
            "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
}

TEST(ParquetDecimal, BytesThatOnlyRepeatTheSignDoNotCount) {
  EXPECT_EQ(text(std::string(100, '0') + "04e2", 2), "12.50");
  EXPECT_EQ(text(std::string(100, 'f') + "fb1e", 2), "-12.50");
  EXPECT_ERROR(text("01" + std::string(64, '0'), 0), kInvalid);
  EXPECT_ERROR(text("00" + std::string(64, 'f'), 0), kInvalid);
}

}  // namespace
}  // namespace sluice

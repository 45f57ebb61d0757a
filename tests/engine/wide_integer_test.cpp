#include "engine/wide_integer.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sluice {
namespace {

std::string digits(const std::string& bytes, bool is_signed, int scale = 0) {
  std::string out;
  append_wide_integer(out, bytes.data(), bytes.size(), is_signed, scale);
  return out;
}

std::string of(int64_t value, size_t bytes) {
  std::string out(bytes, value < 0 ? '\xff' : '\0');
  out.replace(0, std::min<size_t>(8, bytes), reinterpret_cast<const char*>(&value),
              std::min<size_t>(8, bytes));
  return out;
}

TEST(WideIntegerTest, EveryWidth) {
  for (const size_t bytes : {4U, 8U, 16U, 32U}) {
    EXPECT_EQ(digits(of(0, bytes), true), "0");
    EXPECT_EQ(digits(of(-1, bytes), true), "-1");
    EXPECT_EQ(digits(of(1000000000, bytes), true), "1000000000");
    EXPECT_EQ(digits(of(-1000000001, bytes), true), "-1000000001");
  }
  EXPECT_EQ(digits(of(9000000000000000001, 16), true), "9000000000000000001");
}

TEST(WideIntegerTest, TheLargestAndTheSmallest) {
  EXPECT_EQ(digits(std::string(16, '\xff'), false), "340282366920938463463374607431768211455");
  EXPECT_EQ(digits(std::string(15, '\0') + '\x80', true),
            "-170141183460469231731687303715884105728");
  EXPECT_EQ(digits(std::string(32, '\xff'), false),
            "115792089237316195423570985008687907853269984665640564039457584007913129639935");
  EXPECT_EQ(digits(std::string(31, '\0') + '\x80', true),
            "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
}

TEST(WideIntegerTest, ScalePutsAPointAndKeepsAllDigits) {
  EXPECT_EQ(digits(of(5, 4), true, 2), "0.05");
  EXPECT_EQ(digits(of(-5, 8), true, 2), "-0.05");
  EXPECT_EQ(digits(of(0, 16), true, 3), "0.000");
  EXPECT_EQ(digits(of(12345, 32), true, 2), "123.45");
  EXPECT_EQ(digits(of(100, 4), true, 2), "1.00");
  EXPECT_EQ(digits(of(1, 32), true, 76), "0." + std::string(75, '0') + "1");
}

}  // namespace
}  // namespace sluice

#include "data/value_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <random>

namespace sluice {
namespace {

std::string real(double value) {
  std::string out;
  append_real(out, value);
  return out;
}

std::string integer(int64_t value) {
  std::string out;
  append_integer(out, value);
  return out;
}

TEST(ValueText, Integers) {
  EXPECT_EQ(integer(0), "0");
  EXPECT_EQ(integer(-42), "-42");
  EXPECT_EQ(integer(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(integer(std::numeric_limits<int64_t>::max()), "9223372036854775807");
}

TEST(ValueText, RealsAreShortAndLookLikeReals) {
  EXPECT_EQ(real(5), "5.0");
  EXPECT_EQ(real(0), "0.0");
  EXPECT_EQ(real(-0.0), "-0.0");
  EXPECT_EQ(real(0.1), "0.1");
  EXPECT_EQ(real(-12.34), "-12.34");
  EXPECT_EQ(real(100000), "100000.0");
  EXPECT_EQ(real(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(real(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(real(48.858222), "48.858222");
  EXPECT_EQ(real(0.0001), "0.0001");
  EXPECT_EQ(real(0.00005), "5e-05");
  EXPECT_EQ(real(1e15), "1000000000000000.0");
  EXPECT_EQ(real(1e16), "1e+16");
  EXPECT_EQ(real(1e300), "1e+300");
  EXPECT_EQ(real(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(real(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(real(std::numeric_limits<double>::infinity()), "Inf");
  EXPECT_EQ(real(-std::numeric_limits<double>::infinity()), "-Inf");
}

/// Whether some text of fewer digits would read back as the same number.
bool could_be_shorter(double value, size_t digits) {
  if (digits <= 1) return false;
  char text[64];
  std::snprintf(text, sizeof text, "%.*e", static_cast<int>(digits) - 2, value);
  return std::strtod(text, nullptr) == value;
}

size_t significant_digits(const std::string& text) {
  std::string digits;
  for (char c : text.substr(0, text.find('e'))) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const size_t first = digits.find_first_not_of('0');
  const size_t last = digits.find_last_not_of('0');
  return first == std::string::npos ? 0 : last - first + 1;
}

TEST(ValueTextProperty, RealsReadBackEqualAndNoneIsLonger) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200000; ++i) {
    double value = 0;
    const auto units = static_cast<double>(static_cast<int64_t>(random()) >> random() % 60);
    switch (i % 4) {
      case 0:
        value = std::bit_cast<double>(random());
        break;
      case 1:
        value = units / 100;
        break;
      case 2:
        value = units / 1e6;
        break;
      default:
        value = units * 1e-9;
    }
    if (!std::isfinite(value)) continue;
    const std::string text = real(value);
    ASSERT_LE(text.size(), kNumberBytes);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text << " seed " << seed;
    ASSERT_NE(text.find_first_of(".e"), std::string::npos) << text;
    ASSERT_FALSE(could_be_shorter(value, significant_digits(text))) << text << " seed " << seed;
  }
}

std::string single(float value) {
  std::string out(kNumberBytes, '\0');
  out.resize(static_cast<size_t>(write_single(out.data(), value) - out.data()));
  return out;
}

TEST(ValueText, SinglesHaveTheirOwnShortestDigits) {
  EXPECT_EQ(single(0.1F), "0.1");
  EXPECT_EQ(single(5), "5.0");
  EXPECT_EQ(single(-0.0F), "-0.0");
  EXPECT_EQ(single(16777216), "16777216.0");
  EXPECT_EQ(single(1e11F), "100000000000.0");
  EXPECT_EQ(single(-123456792.0F), "-123456790.0");
  EXPECT_EQ(single(1e16F), "1e+16");
  EXPECT_EQ(single(5e-5F), "5e-05");
  EXPECT_EQ(single(std::numeric_limits<float>::denorm_min()), "1e-45");
  EXPECT_EQ(single(-std::numeric_limits<float>::infinity()), "-Inf");
  EXPECT_EQ(single(std::nanf("")), "NaN");
}

TEST(ValueText, SinglesReadBack) {
  std::mt19937 random(std::random_device{}());
  for (int i = 0; i < 200000; ++i) {
    const auto bits = static_cast<uint32_t>(random());
    const auto value = std::bit_cast<float>(bits);
    if (std::isnan(value)) continue;
    const std::string text = single(value);
    ASSERT_EQ(std::bit_cast<uint32_t>(std::strtof(text.c_str(), nullptr)), bits) << text;
    const bool whole = text.find('.') != std::string::npos || text.find('e') != std::string::npos;
    ASSERT_TRUE(whole || std::isinf(value)) << text;
  }
}

}  // namespace
}  // namespace sluice

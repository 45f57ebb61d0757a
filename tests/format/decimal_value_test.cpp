#include "format/decimal_value.h"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "base/encoding.h"

namespace sluice {
namespace {

std::optional<int64_t> small(std::string_view text, int precision, int scale) {
  const std::optional<Int256> value = read_decimal(text, precision, scale);
  if (!value) return std::nullopt;
  return static_cast<int64_t>(value->front());
}

std::string bytes(const Int256& value, size_t count) {
  std::string out(count, '\0');
  write_decimal(out.data(), value, count);
  return out;
}

TEST(DecimalValue, OnlyWhatIsExact) {
  EXPECT_EQ(small("12.5", 10, 2), 1250);
  EXPECT_EQ(small("-12.5", 10, 2), -1250);
  EXPECT_EQ(small("+0.01", 10, 2), 1);
  EXPECT_EQ(small("12.500", 10, 2), 1250);
  EXPECT_EQ(small("12.505", 10, 2), std::nullopt);
  EXPECT_EQ(small("1e3", 10, 2), 100000);
  EXPECT_EQ(small("1.5e-1", 10, 2), 15);
  EXPECT_EQ(small("1e-3", 10, 2), std::nullopt);
  EXPECT_EQ(small("000123", 3, 0), 123);
  EXPECT_EQ(small("1234", 3, 0), std::nullopt);
  EXPECT_EQ(small("100", 4, 2), std::nullopt) << "with its decimals it has five digits";
  EXPECT_EQ(small("0.000", 1, 0), 0);
  EXPECT_EQ(small("-0", 1, 0), 0);
  for (const char* text : {"", ".", "-", "1.2.3", "abc", "1e", "1e99999", "0x10", "Inf", "1 2"}) {
    EXPECT_EQ(small(text, 10, 2), std::nullopt) << text;
  }
}

TEST(DecimalValue, AllDigitsThereAre) {
  const std::string nines(38, '9');
  const std::optional<Int256> value = read_decimal("-" + nines, 38, 0);
  ASSERT_TRUE(value);
  EXPECT_EQ(read_decimal(nines + "9", 38, 0), std::nullopt);
  EXPECT_EQ(static_cast<unsigned char>(bytes(*value, 16)[0]), 0xb4)
      << "-(10^38 - 1) in two's complement";
  EXPECT_EQ(bytes(*read_decimal("-1", 38, 0), 16), std::string(16, '\xff'));
  EXPECT_EQ(bytes(*read_decimal("258", 38, 0), 16), std::string(14, '\0') + "\x01\x02");
  const std::optional<Int256> longest = read_decimal(nines + "." + nines, 76, 38);
  ASSERT_TRUE(longest);
  // 10^76 - 1.
  EXPECT_EQ(hex_encode(bytes(*longest, 32)),
            "161bcca7119915b50764b4abe86529797775a5f171950fffffffffffffffffff");
  EXPECT_EQ(read_decimal(nines + nines + "9", 76, 0), std::nullopt);
}

TEST(DecimalValue, RandomNumbersComeBack) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const auto units = static_cast<int64_t>(random() % 1'000'000'000'000'000) - 500'000'000'000'000;
    const int scale = static_cast<int>(random() % 10);
    std::string digits = std::to_string(units < 0 ? -units : units);
    while (digits.size() <= static_cast<size_t>(scale)) digits.insert(0, "0");
    digits.insert(digits.size() - static_cast<size_t>(scale), ".");
    ASSERT_EQ(small((units < 0 ? "-" : "") + digits, 18, scale), units) << digits;
  }
}

}  // namespace
}  // namespace sluice

#include "format/json_values.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/nested_bytes.h"

namespace sluice {
namespace {

std::string number(std::string_view text, JsonIntegers integers = JsonIntegers::kBigAsText) {
  JsonValues values(integers);
  values.put_number(text);
  return values.writer().take();
}

std::string cell(const Cell& cell) {
  JsonValues values(JsonIntegers::kNumbers);
  values.put_cell(cell);
  return values.writer().take();
}

TEST(JsonValues, NumbersOfAnyLengthAreBareWhereTheyMayBe) {
  const std::string digits(70, '7');
  EXPECT_EQ(number(digits, JsonIntegers::kNumbers), digits);
  EXPECT_EQ(number("-12.50", JsonIntegers::kNumbers), "-12.50");
  EXPECT_EQ(number("12.50", JsonIntegers::kText), "12.50");
  EXPECT_EQ(number("12", JsonIntegers::kText), "\"12\"");
  EXPECT_EQ(number(digits + ".5", JsonIntegers::kText), "\"" + digits + ".5\"");
}

TEST(JsonValues, NumbersThatADoubleDoesNotKnowAreText) {
  for (const char* bare :
       {"0", "-5", "9007199254740992", "-9007199254740992", "000009007199254740992", "0.5",
        "12.345", "123456789012345.0", "1.23456789012345", "0.000000000000000000000123456789012345",
        "1.500000000000000000000000000", "9007199254740992.000"}) {
    EXPECT_EQ(number(bare), bare);
  }
  for (const char* big : {"9007199254740993", "-9007199254740993", "10000000000000000",
                          "9007199254740993.0", "1.234567890123456", "1234567890123.456"}) {
    EXPECT_EQ(number(big), "\"" + std::string(big) + "\"");
  }
}

TEST(JsonValues, WhatIsInTheCellItself) {
  EXPECT_EQ(cell(cell_of(ValueType::kBoolean, 1)), "true");
  EXPECT_EQ(cell(cell_of(ValueType::kDate, 0)), "\"1970-01-01\"");
  EXPECT_EQ(cell(timestamp_cell(5, 1, true)), "\"1970-01-01 00:00:00.5Z\"");
  EXPECT_EQ(cell(real_cell(ValueType::kSingle, static_cast<double>(0.1F))), "0.1");
  EXPECT_EQ(cell(real_cell(ValueType::kSingle, std::numeric_limits<double>::infinity())),
            "\"Infinity\"");
  EXPECT_EQ(cell(real_cell(ValueType::kReal, std::numeric_limits<double>::quiet_NaN())), "\"NaN\"");
  EXPECT_EQ(cell(cell_of(ValueType::kInteger, 3)), "3");
}

}  // namespace
}  // namespace sluice

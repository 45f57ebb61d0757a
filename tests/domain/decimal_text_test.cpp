#include "domain/decimal_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(DecimalText, UsualSpelling) {
  EXPECT_EQ(decimal_text("12.5", 10, 2), "12.50");
  EXPECT_EQ(decimal_text("-1.25e1", 10, 2), "-12.50");
  EXPECT_EQ(decimal_text(" +.5 ", 10, 2), "0.50");
  EXPECT_EQ(decimal_text("5.", 10, 2), "5.00");
  EXPECT_EQ(decimal_text("007", 3, 0), "7");
  EXPECT_EQ(decimal_text("1200e-2", 2, 0), "12");
  EXPECT_EQ(decimal_text("1.50000", 3, 1), "1.5");
  EXPECT_EQ(decimal_text("0.000", 1, 0), "0");
  EXPECT_EQ(decimal_text("-0", 3, 2), "0.00");
  EXPECT_EQ(decimal_text("0e999", 1, 0), "0");
  EXPECT_EQ(decimal_text("1234567890123456789012345678901234567890.12", 42, 2),
            "1234567890123456789012345678901234567890.12");
}

TEST(DecimalText, NothingIsRounded) {
  EXPECT_EQ(decimal_text("1.505", 10, 2), std::nullopt);
  EXPECT_EQ(decimal_text("1e-3", 10, 2), std::nullopt);
  EXPECT_EQ(decimal_text("100", 4, 2), std::nullopt);
  EXPECT_EQ(decimal_text("99.99", 4, 2), "99.99");
}

TEST(DecimalText, WhatIsNoNumber) {
  for (const char* wrong : {"", ".", "-", "1.2.3", "1e", "1e+", "1e5x", "x", "1 2", "--1", "0x1",
                            "1e1001", "1e99999999999", "nan", "1,5"}) {
    EXPECT_EQ(decimal_text(wrong, 70, 30), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace sluice

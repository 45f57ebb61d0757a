#include "domain/data_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

/// What became of a value, as text: a reason in angle brackets.
template <typename Value>
std::string fitted(const std::string& type, Value value) {
  ValueFitter fitter(parse_schema("c " + type).front());
  if (!fitter.fit(value)) return "<" + fitter.reason() + ">";
  switch (fitter.result()) {
    case ValueFitter::Result::kNull:
      return "NULL";
    case ValueFitter::Result::kInteger:
      return std::to_string(fitter.integer());
    case ValueFitter::Result::kReal:
      return "real " + std::to_string(fitter.real());
    case ValueFitter::Result::kText:
      break;
  }
  return "'" + std::string(fitter.text()) + "'";
}
std::string fitted(const std::string& type, const char* value) {
  return fitted(type, std::string_view(value));
}

TEST(DataValue, WholeNumbers) {
  EXPECT_EQ(fitted("Int8", " -128 "), "-128");
  EXPECT_EQ(fitted("Int8", "+7"), "7");
  EXPECT_EQ(fitted("Int32", "3.0"), "3");
  EXPECT_EQ(fitted("Int32", "1e3"), "1000");
  EXPECT_EQ(fitted("UInt8", int64_t{255}), "255");
  EXPECT_EQ(fitted("Int64", 3.0), "3");
  EXPECT_EQ(fitted("UInt64", "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(fitted("Int8", int64_t{128}),
            "<'128' is not between -128 and 127, as Int8 has to be.>");
  EXPECT_EQ(fitted("UInt16", "-1"), "<'-1' is not between 0 and 65535, as UInt16 has to be.>");
  EXPECT_THAT(fitted("UInt64", "18446744073709551615"), HasSubstr("9223372036854775807"));
  EXPECT_EQ(fitted("Int32", 3.5), "<'3.5' is no whole number.>");
  EXPECT_EQ(fitted("Int32", ""), "<'' is no whole number.>");
  EXPECT_EQ(fitted("Int32", "12x"), "<'12x' is no whole number.>");
  EXPECT_THAT(fitted("Int64", 1e300), HasSubstr("is not between"));
}

TEST(DataValue, Reals) {
  EXPECT_EQ(fitted("Float64", "1.5"), "real 1.500000");
  EXPECT_EQ(fitted("Float64", int64_t{2}), "real 2.000000");
  EXPECT_EQ(fitted("Float64", "inf"), "real inf");
  EXPECT_EQ(fitted("Nullable(Float64)", "nan"), "NULL");
  EXPECT_THAT(fitted("Float64", std::nan("")), HasSubstr("not Nullable"));
  EXPECT_THAT(fitted("Float64", "1e999"), HasSubstr("beyond"));
  EXPECT_THAT(fitted("Float32", 1e39), HasSubstr("beyond"));
  EXPECT_THAT(fitted("Float64", "1,5"), HasSubstr("no number"));
}

TEST(DataValue, Decimals) {
  EXPECT_EQ(fitted("Decimal(10, 2)", "12.5"), "real 12.500000");
  EXPECT_EQ(fitted("Decimal(10, 0)", "12"), "12");
  EXPECT_EQ(fitted("Decimal(10, 2)", int64_t{3}), "real 3.000000");
  EXPECT_EQ(fitted("Decimal(10, 2)", 0.1), "real 0.100000");
  EXPECT_EQ(fitted("Decimal(38, 4)", "1234567890123456.5"), "'1234567890123456.5000'");
  EXPECT_EQ(fitted("Decimal(18, 3)", "123456789012.345"), "real 123456789012.345001");
  EXPECT_THAT(fitted("Decimal(10, 2)", "1.005"), HasSubstr("round"));
  EXPECT_THAT(fitted("Decimal(4, 2)", "100"), HasSubstr("does not fit"));
  EXPECT_THAT(fitted("Decimal(4, 2)", "x"), HasSubstr("no decimal"));
}

TEST(DataValue, Booleans) {
  for (const char* yes : {"true", "TRUE", "1", "t", "yes", " on "})
    EXPECT_EQ(fitted("Bool", yes), "1");
  for (const char* no : {"false", "False", "0", "f", "no", "off"})
    EXPECT_EQ(fitted("Bool", no), "0");
  EXPECT_EQ(fitted("Bool", int64_t{1}), "1");
  EXPECT_EQ(fitted("Bool", int64_t{2}), "<'2' is neither true nor false.>");
  EXPECT_EQ(fitted("Bool", ""), "<'' is neither true nor false.>");
  EXPECT_EQ(fitted("Bool", "truefalse"), "<'truefalse' is neither true nor false.>");
}

TEST(DataValue, DatesAndTimes) {
  EXPECT_EQ(fitted("Date", "2026-11-23"), "'2026-11-23'");
  EXPECT_EQ(fitted("Date", "2026-11-23T23:30:00-05:00"), "'2026-11-23'");
  EXPECT_EQ(fitted("Date", "20261123"), "'2026-11-23'");
  EXPECT_EQ(fitted("Date", int64_t{1}), "'1970-01-02'");
  EXPECT_EQ(fitted("Date", int64_t{1795422600}), "'2026-11-23'");
  EXPECT_EQ(fitted("Date", "2026-02-30"), "<'2026-02-30' is no date like 2026-11-23.>");
  EXPECT_EQ(fitted("DateTime", "2026-11-23T08:30:00.9Z"), "'2026-11-23 08:30:00'");
  EXPECT_EQ(fitted("DateTime64(3)", "2026-11-23 08:30:00"), "'2026-11-23 08:30:00.000'");
  EXPECT_EQ(fitted("DateTime64(9)", "2026-11-23 08:30:00.123456789"),
            "'2026-11-23 08:30:00.123456'");
  EXPECT_EQ(fitted("DateTime64(3)", 1795422600.125), "'2026-11-23 08:30:00.125'");
  EXPECT_EQ(fitted("DateTime", int64_t{1795422600000}), "'2026-11-23 08:30:00'");
  EXPECT_EQ(fitted("DateTime('Europe/Berlin')", "2026-07-01 12:00:00"), "'2026-07-01 10:00:00'");
  EXPECT_THAT(fitted("DateTime", "yesterday"), HasSubstr("no time like"));
}

TEST(DataValue, Texts) {
  EXPECT_EQ(fitted("String", " x "), "' x '");
  EXPECT_EQ(fitted("String", ""), "''");
  EXPECT_EQ(fitted("String", int64_t{5}), "'5'");
  EXPECT_EQ(fitted("String", 0.5), "'0.5'");
  EXPECT_EQ(fitted("String", "\xff"), "<The value is no UTF-8 text.>");
  EXPECT_THAT(fitted("String", std::string_view("a\0b", 3)), HasSubstr("U+0000"));
  EXPECT_EQ(fitted("FixedString(2)", "ab"), "'ab'");
  EXPECT_THAT(fitted("FixedString(2)", "abc"), HasSubstr("3 bytes"));
  EXPECT_EQ(fitted("UUID", "6A1C0F0E-3F52-4D0C-9F0E-2B1D7C3A5E88"),
            "'6a1c0f0e-3f52-4d0c-9f0e-2b1d7c3a5e88'");
  EXPECT_EQ(fitted("UUID", "6a1c0f0e3f524d0c9f0e2b1d7c3a5e88"),
            "'6a1c0f0e-3f52-4d0c-9f0e-2b1d7c3a5e88'");
  for (const char* wrong :
       {"", "6a1c0f0e-3f52-4d0c-9f0e-2b1d7c3a5e8", "6a1c0f0e-3f52-4d0c-9f0e-2b1d7c3a5e8g",
        "6a1c0f0e-3f52-4d0c-9f0e02b1d7c3a5e88"}) {
    EXPECT_THAT(fitted("UUID", wrong), HasSubstr("is no UUID")) << wrong;
  }
  EXPECT_EQ(fitted("IPv4", "127.0.0.1"), "'127.0.0.1'");
  EXPECT_THAT(fitted("IPv4", "127.0.0.256"), HasSubstr("no IPv4"));
  EXPECT_EQ(fitted("IPv6", "2001:DB8:0:0:0:0:0:1"), "'2001:db8::1'");
  EXPECT_EQ(fitted("IPv6", "1.2.3.4"), "'::ffff:1.2.3.4'");
  EXPECT_THAT(fitted("IPv6", std::string_view("::1\0x", 5)), HasSubstr("no IPv6"));
  EXPECT_EQ(fitted("Enum8('red' = 1, '2' = 3)", "red"), "'red'");
  EXPECT_EQ(fitted("Enum8('red' = 1, '2' = 3)", int64_t{3}), "'2'");
  EXPECT_EQ(fitted("Enum8('red' = 1, '2' = 3)", "1"), "'red'");
  EXPECT_THAT(fitted("Enum8('red' = 1)", "blue"), HasSubstr("'blue' is no value of Enum8"));
}

TEST(DataValue, Json) {
  EXPECT_EQ(fitted("Array(Int64)", " [1, 2] "), "'[1, 2]'");
  EXPECT_EQ(fitted("Array(String)", "['a','b']"), R"('["a","b"]')");
  EXPECT_EQ(fitted("Array(String)", R"("[\"a\"]")"), R"('["a"]')");
  EXPECT_EQ(fitted("Map(String, Int8)", R"({"a":1})"), R"('{"a":1}')");
  EXPECT_EQ(fitted("JSON", R"("x")"), R"('"x"')");
  EXPECT_THAT(fitted("JSON", "x"), HasSubstr("is no JSON"));
  EXPECT_THAT(fitted("Array(Int64)", "{}"), HasSubstr("that Array could be"));
  EXPECT_THAT(fitted("Map(String, Int8)", "[]"), HasSubstr("that Map could be"));
  EXPECT_THAT(fitted("Array(Int64)", "[1,"), HasSubstr("is no JSON"));
}

TEST(DataValue, Fallbacks) {
  const Timestamp now = *parse_timestamp("2026-11-23 08:30:00.125");
  auto fallback = [&](const std::string& type, const std::string& expression) {
    const DataColumn column = parse_schema("c " + type).front();
    ValueFitter fitter(column);
    if (!fitter.fit_fallback(expression, now)) return "<" + fitter.reason() + ">";
    if (fitter.result() == ValueFitter::Result::kNull) return std::string("NULL");
    if (fitter.result() == ValueFitter::Result::kInteger) return std::to_string(fitter.integer());
    if (fitter.result() == ValueFitter::Result::kReal) return std::to_string(fitter.real());
    return "'" + std::string(fitter.text()) + "'";
  };
  EXPECT_EQ(fallback("DateTime64(3)", "now()"), "'2026-11-23 08:30:00.125'");
  EXPECT_EQ(fallback("DateTime('Europe/Berlin')", "now()"), "'2026-11-23 08:30:00'");
  EXPECT_EQ(fallback("DateTime64(3)", "now64(3)"), "'2026-11-23 08:30:00.125'");
  EXPECT_EQ(fallback("Date", "today()"), "'2026-11-23'");
  EXPECT_EQ(fallback("String", "'it''s'"), "'it's'");
  EXPECT_EQ(fallback("Int8", "-5"), "-5");
  EXPECT_EQ(fallback("Bool", "true"), "1");
  EXPECT_EQ(fallback("Enum8('a' = 1)", "'a'"), "'a'");
  EXPECT_EQ(fallback("Array(String)", "['x']"), R"('["x"]')");
  EXPECT_EQ(fallback("Nullable(Int8)", "NULL"), "NULL");
  EXPECT_THAT(fallback("Int8", "NULL"), HasSubstr("no value of Int8"));
  EXPECT_THAT(fallback("Int8", "now()"), HasSubstr("is a time"));
  EXPECT_THAT(fallback("Int8", "300"), HasSubstr("not between"));
  EXPECT_THAT(fallback("UUID", "generateUUIDv4()"), HasSubstr("is no literal"));
  EXPECT_THAT(caught([] { parse_schema("a Int8, b Int8 DEFAULT 'x'"); }).message(),
              HasSubstr("Column 'b': its DEFAULT does not fit: 'x' is no whole number."));
}

TEST(DataValue, ReasonsAreShort) {
  const std::string reason = fitted("Int8", std::string_view(std::string(1'000'000, 'x')));
  EXPECT_LT(reason.size(), 200U);
  EXPECT_THAT(reason, HasSubstr("..."));
  EXPECT_EQ(cut_text("a\xc3\xa4", 2), "a");
  EXPECT_EQ(cut_text("a\xc3\xa4", 3), "a\xc3\xa4");
  EXPECT_EQ(fitted("Int8", "\xff"), "<The value is no whole number.>");
}

}  // namespace
}  // namespace sluice

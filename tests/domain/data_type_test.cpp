#include "domain/data_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(DataType, Kinds) {
  struct Case {
    const char* text;
    DataKind kind;
  };
  for (const Case& item :
       {Case{"String", DataKind::kText}, Case{"UUID", DataKind::kText},
        Case{"FixedString(16)", DataKind::kText}, Case{"IPv6", DataKind::kText},
        Case{"Int8", DataKind::kInteger}, Case{"UInt256", DataKind::kInteger},
        Case{"Float32", DataKind::kReal}, Case{"Decimal(18, 4)", DataKind::kDecimal},
        Case{"Bool", DataKind::kBoolean}, Case{"Date32", DataKind::kDate},
        Case{"DateTime", DataKind::kDateTime}, Case{"DateTime64(6)", DataKind::kDateTime},
        Case{"Array(String)", DataKind::kJson}, Case{"Map(String, Int64)", DataKind::kJson},
        Case{"Tuple(a String, Int8)", DataKind::kJson}, Case{"JSON", DataKind::kJson}}) {
    const DataType type = parse_data_type(item.text);
    EXPECT_EQ(type.kind, item.kind) << item.text;
    EXPECT_EQ(type.text, item.text);
    EXPECT_FALSE(type.nullable) << item.text;
  }
}

TEST(DataType, WrappersAddNothingButNullable) {
  const DataType type = parse_data_type("LowCardinality( Nullable(UInt16))");
  EXPECT_EQ(type.text, "LowCardinality(Nullable(UInt16))");
  EXPECT_EQ(type.name, "UInt16");
  EXPECT_TRUE(type.nullable);
  EXPECT_TRUE(type.is_unsigned);
  EXPECT_EQ(type.bits, 16);
  EXPECT_EQ(parse_data_type("SimpleAggregateFunction(max, DateTime)").kind, DataKind::kDateTime);
  EXPECT_EQ(parse_data_type("Array(Nullable(Int8))").nullable, false);
}

TEST(DataType, NamesInAnyCaseAndThoseOfSql) {
  EXPECT_EQ(parse_data_type("nullable(int32)").text, "Nullable(Int32)");
  EXPECT_EQ(parse_data_type("boolean").text, "Bool");
  EXPECT_EQ(parse_data_type("TEXT").text, "String");
  EXPECT_EQ(parse_data_type("bigint").text, "Int64");
  EXPECT_EQ(parse_data_type("numeric(10,2)").text, "Decimal(10, 2)");
}

TEST(DataType, Numbers) {
  EXPECT_EQ(parse_data_type("Decimal").precision, 10);
  EXPECT_EQ(parse_data_type("Decimal(7)").scale, 0);
  const DataType narrow = parse_data_type("Decimal32(4)");
  EXPECT_EQ(narrow.precision, 9);
  EXPECT_EQ(narrow.scale, 4);
  EXPECT_EQ(narrow.text, "Decimal32(4)");
  EXPECT_EQ(parse_data_type("Decimal256(10)").precision, kMostDecimalDigits);
  EXPECT_EQ(parse_data_type("DateTime64").scale, 3);
  EXPECT_EQ(parse_data_type("DateTime").scale, 0);
  EXPECT_EQ(parse_data_type("FixedString(3)").length, 3U);
  for (const char* wrong : {"Decimal(0)", "Decimal(77, 1)", "Decimal(5, 6)", "Decimal32(10)",
                            "DateTime64(10)", "DateTime64(-1)", "FixedString(0)", "FixedString(x)",
                            "FixedString", "Decimal64", "Decimal(99999999999)"}) {
    EXPECT_ERROR(parse_data_type(wrong), kInvalid) << wrong;
  }
}

TEST(DataType, TimeZones) {
  EXPECT_EQ(parse_data_type("DateTime('Europe/Berlin')").time_zone, "Europe/Berlin");
  const DataType type = parse_data_type("DateTime64(6,'UTC')");
  EXPECT_EQ(type.text, "DateTime64(6, 'UTC')");
  EXPECT_EQ(type.scale, 6);
  EXPECT_ERROR(parse_data_type("DateTime('Europe/Berlim')"), kInvalid);
  EXPECT_ERROR(parse_data_type("DateTime(3)"), kInvalid);
}

TEST(DataType, Enums) {
  const DataType type = parse_data_type("Enum8('a' = -1, 'it\\'s', 'b''c' = 7)");
  ASSERT_EQ(type.values.size(), 3U);
  EXPECT_EQ(type.values[1].name, "it's");
  EXPECT_EQ(type.values[1].number, 0);
  EXPECT_EQ(type.values[2].name, "b'c");
  EXPECT_EQ(parse_data_type(type.text).text, type.text);
  for (const char* wrong : {"Enum8()", "Enum8('a' = 128)", "Enum8('a', 'a')", "Enum8('a'=1,'b'=1)",
                            "Enum8('a", "Enum8(a)", "Enum16('a' = 32768)"}) {
    EXPECT_ERROR(parse_data_type(wrong), kInvalid) << wrong;
  }
  EXPECT_EQ(parse_data_type("Enum16('a' = 32767)").values[0].number, 32767);
}

TEST(DataType, UnknownOnesNameTheNearest) {
  const Error error = caught([] { parse_data_type("Sting"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), HasSubstr("'Sting'"));
  EXPECT_THAT(error.hint(), HasSubstr("Did you mean String?"));
  EXPECT_THAT(caught([] { parse_data_type("AggregateFunction(uniq, String)"); }).hint(),
              HasSubstr("SimpleAggregateFunction"));
}

TEST(DataType, WhatCantBeRead) {
  for (const char* wrong : {"", "()", "Nullable", "Nullable()", "Nullable(String", "String(3)",
                            "Nullable(Nullable(String))", "Array(String, String)", "Map(String)",
                            "Tuple()", "String)", "Int64 x", "SimpleAggregateFunction(String)"}) {
    EXPECT_ERROR(parse_data_type(wrong), kInvalid) << wrong;
  }
  std::string deep = "Int8";
  for (int i = 0; i < 10000; ++i) deep = "Array(" + deep + ")";
  EXPECT_THAT(caught([&] { parse_data_type(deep); }).message(), HasSubstr("deep"));
}

TEST(DataType, TakenFromTheFront) {
  std::string_view text = "Nullable(String) DEFAULT 'x'";
  EXPECT_EQ(take_data_type(text).text, "Nullable(String)");
  EXPECT_EQ(text, " DEFAULT 'x'");
}

}  // namespace
}  // namespace sluice

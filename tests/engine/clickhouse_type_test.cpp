#include "engine/clickhouse_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

using Kind = ClickhouseKind;

ColumnType typed(const std::string& text) { return column_type_of(parse_clickhouse_type(text)); }

TEST(ClickhouseTypeTest, NumbersKnowTheirBytesAndSigns) {
  const ClickhouseType type = parse_clickhouse_type("Int16");
  EXPECT_EQ(type.kind, Kind::kInteger);
  EXPECT_EQ(type.bytes, 2U);
  EXPECT_TRUE(type.is_signed);
  EXPECT_FALSE(parse_clickhouse_type("UInt256").is_signed);
  EXPECT_EQ(parse_clickhouse_type("UInt256").bytes, 32U);
  EXPECT_EQ(parse_clickhouse_type("BFloat16").bytes, 2U);
  EXPECT_EQ(parse_clickhouse_type("IntervalDay").bytes, 8U);
}

TEST(ClickhouseTypeTest, WrappersAreWhatTheyHold) {
  const ClickhouseType type = parse_clickhouse_type("LowCardinality(Nullable(String))");
  EXPECT_EQ(type.kind, Kind::kString);
  EXPECT_TRUE(type.nullable);
  EXPECT_EQ(parse_clickhouse_type("SimpleAggregateFunction(sum, UInt64)").bytes, 8U);
}

TEST(ClickhouseTypeTest, FiguresAndZonesAreRead) {
  const ClickhouseType time = parse_clickhouse_type("DateTime64(3, 'Europe/Berlin')");
  EXPECT_EQ(time.scale, 3);
  EXPECT_TRUE(time.zoned);
  EXPECT_FALSE(parse_clickhouse_type("DateTime").zoned);
  const ClickhouseType decimal = parse_clickhouse_type("Decimal(38, 10)");
  EXPECT_EQ(decimal.bytes, 16U);
  EXPECT_EQ(decimal.scale, 10);
  EXPECT_EQ(parse_clickhouse_type("Decimal(9, 2)").bytes, 4U);
  EXPECT_EQ(parse_clickhouse_type("Decimal(76, 0)").bytes, 32U);
  EXPECT_EQ(parse_clickhouse_type("FixedString(17)").bytes, 17U);
}

TEST(ClickhouseTypeTest, NamesOfEnumsMayHoldAnything) {
  const ClickhouseType type =
      parse_clickhouse_type("Enum8('a' = -1, 'it\\'s, (odd) = 5' = 2, '' = 3, 'd''d' = 4)");
  EXPECT_EQ(type.names.at(-1), "a");
  EXPECT_EQ(type.names.at(2), "it's, (odd) = 5");
  EXPECT_EQ(type.names.at(3), "");
  EXPECT_EQ(type.names.at(4), "d'd");
}

TEST(ClickhouseTypeTest, NestedTypesKeepNamesAndOrder) {
  const ClickhouseType type = parse_clickhouse_type(
      "Map(String, Array(Tuple(a UInt8, `b c` Nullable(DateTime64(6)), Decimal(9, 2))))");
  ASSERT_EQ(type.kind, Kind::kMap);
  const ClickhouseType& tuple = type.fields[1].type.fields[0].type;
  ASSERT_EQ(tuple.fields.size(), 3U);
  EXPECT_EQ(tuple.fields[0].name, "a");
  EXPECT_EQ(tuple.fields[1].name, "b c");
  EXPECT_TRUE(tuple.fields[1].type.nullable);
  EXPECT_EQ(tuple.fields[2].name, "3");
  const ColumnType column = column_type_of(type);
  EXPECT_EQ(column.kind, ColumnKind::kMap);
  EXPECT_EQ((*column.fields)[1].type.kind, ColumnKind::kList);
  EXPECT_EQ(parse_clickhouse_type("Nested(a UInt8, b String)").kind, Kind::kArray);
  EXPECT_EQ(parse_clickhouse_type("Polygon").fields[0].type.fields[0].type.kind, Kind::kTuple);
}

TEST(ClickhouseTypeTest, TypedFormatsLoseNothing) {
  EXPECT_EQ(typed("UInt64").kind, ColumnKind::kUnsigned);
  EXPECT_EQ(typed("UInt32").kind, ColumnKind::kInteger);
  EXPECT_EQ(typed("Int128").kind, ColumnKind::kText);
  EXPECT_EQ(typed("Float32").kind, ColumnKind::kSingle);
  EXPECT_EQ(typed("Date32").kind, ColumnKind::kDate);
  EXPECT_EQ(typed("DateTime64(6)").scale, 0);
  EXPECT_EQ(typed("DateTime64(7)").scale, 9);
  EXPECT_EQ(typed("Decimal(20, 4)"), (ColumnType{ColumnKind::kDecimal, 20, 4}));
  EXPECT_EQ(typed("UUID").kind, ColumnKind::kText);
}

TEST(ClickhouseTypeTest, WhatCannotBeExportedIsNamedWithAWayOut) {
  for (const char* text :
       {"AggregateFunction(sum, UInt64)", "Variant(String, UInt8)", "Dynamic", "JSON", "Tuple()",
        "Array", "Decimal(x, 2)", "Enum8('a')", "", "Array(AggregateFunction(uniq, String))"}) {
    const Error error = caught([&] { parse_clickhouse_type(text); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << text;
    EXPECT_THAT(error.hint(), testing::HasSubstr("CAST")) << text;
  }
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "Array(";
  EXPECT_EQ(caught([&] { parse_clickhouse_type(deep + "UInt8" + std::string(10000, ')')); }).code(),
            ErrorCode::kInvalid);
}

}  // namespace
}  // namespace sluice

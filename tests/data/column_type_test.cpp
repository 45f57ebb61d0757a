#include "data/column_type.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

ColumnType nested(ColumnKind kind, std::vector<ColumnField> fields) {
  ColumnType type{kind};
  type.fields = std::make_shared<std::vector<ColumnField>>(std::move(fields));
  return type;
}

TEST(ColumnTypeTest, Names) {
  ColumnType nanoseconds{ColumnKind::kTimestamp};
  nanoseconds.scale = 9;
  EXPECT_EQ(type_name({ColumnKind::kInteger}), "integer");
  EXPECT_EQ(type_name({ColumnKind::kDecimal, 10, 2}), "decimal(10,2)");
  EXPECT_EQ(type_name({ColumnKind::kTimestamp}), "timestamp");
  EXPECT_EQ(type_name(nanoseconds), "timestamp(9)");
  EXPECT_EQ(type_name({ColumnKind::kUnsigned}), "unsigned");
  EXPECT_EQ(type_name({ColumnKind::kSingle}), "single");
  const ColumnType list = nested(ColumnKind::kList, {{"element", {ColumnKind::kText}}});
  EXPECT_EQ(type_name(list), "list(text)");
  EXPECT_EQ(type_name(nested(ColumnKind::kMap, {{"key", {ColumnKind::kText}}, {"value", list}})),
            "map(text,list(text))");
  EXPECT_EQ(type_name(nested(ColumnKind::kStruct, {{"a", {ColumnKind::kDate}}, {"b", list}})),
            "struct(a date,b list(text))");
}

TEST(ColumnTypeTest, EqualWhereTheFieldsAre) {
  const auto list_of = [](ColumnKind kind) {
    return nested(ColumnKind::kList, {{"element", {kind}}});
  };
  EXPECT_EQ(list_of(ColumnKind::kText), list_of(ColumnKind::kText));
  EXPECT_FALSE(list_of(ColumnKind::kText) == list_of(ColumnKind::kBytes));
}

TEST(ColumnTypeTest, WhatDecimalsAreHeldIn) {
  EXPECT_EQ(decimal_bytes({ColumnKind::kDecimal, 38, 0}), 16U);
  EXPECT_EQ(decimal_bytes({ColumnKind::kDecimal, 39, 0}), 32U);
}

}  // namespace
}  // namespace sluice

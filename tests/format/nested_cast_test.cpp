#include "format/nested_cast.h"

#include <gtest/gtest.h>

#include "support/nested_bytes.h"

namespace sluice {
namespace {

const ColumnType kText{ColumnKind::kText};

/// The cast of a value comes to `wanted`.
void expect_cast(const ColumnType& type, const NestedBytes& value, const NestedBytes& wanted) {
  NestedCaster caster;
  ASSERT_EQ(caster.cast(value.take(), type), NestedCast::kCast);
  EXPECT_EQ(caster.result(), wanted.take());
}

NestedCast outcome(const ColumnType& type, const NestedBytes& value) {
  return NestedCaster().cast(value.take(), type);
}

TEST(NestedCastTest, WhatIsAsItMustBeStays) {
  EXPECT_EQ(outcome(list_of(kText), NestedBytes().begin(2).text("a").null()), NestedCast::kAsItIs);
  EXPECT_EQ(outcome(list_of({ColumnKind::kUnsigned}), NestedBytes().begin(1).integer(5)),
            NestedCast::kAsItIs);
  EXPECT_EQ(outcome(map_of(kText, list_of({ColumnKind::kReal})),
                    NestedBytes().begin(1).text("k").begin(1).cell(real_cell(ValueType::kReal, 1))),
            NestedCast::kAsItIs);
}

TEST(NestedCastTest, LeavesBecomeWhatTheyWouldBeAlone) {
  expect_cast(struct_of({{"a", {ColumnKind::kDate}}, {"b", kText}}),
              NestedBytes().begin(2).cell(cell_of(ValueType::kDate, 3)).text("x"),
              NestedBytes().begin(2).integer(3).text("x"));
  expect_cast(map_of({ColumnKind::kUnsigned}, list_of(nanoseconds())),
              NestedBytes().begin(1).number("7").begin(2).null().cell(timestamp_cell(1, 8)),
              NestedBytes().begin(1).integer(7).begin(2).null().integer(10));
  expect_cast(list_of({ColumnKind::kDecimal, 38, 0}), NestedBytes().begin(1).number("1"),
              NestedBytes().begin(1).bytes(ValueType::kBlob, std::string(15, '\0') + "\1"));
  expect_cast(list_of(kText), NestedBytes().begin(2).text("a").number("12"),
              NestedBytes().begin(2).text("a").text("12"));
}

TEST(NestedCastTest, OneThatDoesNotFitIsEnough) {
  EXPECT_EQ(outcome(list_of({ColumnKind::kInteger}), NestedBytes().begin(2).integer(1).text("x")),
            NestedCast::kMisfit);
  EXPECT_EQ(
      outcome(list_of(nanoseconds()), NestedBytes().begin(1).cell(timestamp_cell(INT64_MAX, 7))),
      NestedCast::kMisfit);
  EXPECT_EQ(outcome(list_of(list_of(kText)), NestedBytes().begin(1).text("x")),
            NestedCast::kMisfit);
  EXPECT_EQ(outcome(struct_of({{"a", kText}}), NestedBytes().begin(2).text("").text("")),
            NestedCast::kMisfit);
}

TEST(NestedCastTest, TextMustBeUtf8) {
  EXPECT_EQ(outcome(list_of(kText), NestedBytes().begin(1).text("\xff")), NestedCast::kNotUtf8);
  EXPECT_EQ(
      outcome(list_of(struct_of({{"a", {ColumnKind::kDate}}, {"b", kText}})),
              NestedBytes().begin(1).begin(2).cell(cell_of(ValueType::kDate, 3)).text("\xff")),
      NestedCast::kNotUtf8);
}

}  // namespace
}  // namespace sluice

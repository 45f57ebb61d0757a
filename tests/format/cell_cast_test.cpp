#include "format/cell_cast.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>

#include "support/nested_bytes.h"

namespace sluice {
namespace {

/// The integer that a value becomes; nothing if it does not fit.
std::optional<int64_t> integer(const ColumnType& type, Cell cell, std::string_view text = {}) {
  DecimalBytes decimal;
  const Cell before = cell;
  if (!cast_cell(cell, text, type, decimal)) {
    EXPECT_EQ(cell.type, before.type);
    EXPECT_EQ(cell.integer, before.integer);
    return std::nullopt;
  }
  EXPECT_EQ(cell.type, ValueType::kInteger);
  return cell.integer;
}

std::optional<int64_t> number(const ColumnType& type, std::string_view text) {
  return integer(type, cell_of(ValueType::kNumber, 0, static_cast<uint32_t>(text.size())), text);
}

/// The bytes of a long decimal.
std::string decimal(int precision, std::string_view text) {
  Cell cell = cell_of(ValueType::kNumber, 0);
  DecimalBytes bytes;
  if (!cast_cell(cell, text, {ColumnKind::kDecimal, precision, 2}, bytes)) return "misfit";
  EXPECT_EQ(cell.type, ValueType::kBlob);
  return {bytes.data(), cell.size};
}

TEST(CellCast, TheSameNumberByAnotherName) {
  EXPECT_EQ(integer({ColumnKind::kBoolean}, cell_of(ValueType::kBoolean, 1)), 1);
  EXPECT_EQ(integer({ColumnKind::kDate}, cell_of(ValueType::kDate, -5)), -5);
  EXPECT_EQ(integer({ColumnKind::kUnsigned}, cell_of(ValueType::kInteger, 5)), 5);
  EXPECT_EQ(integer({ColumnKind::kUnsigned}, cell_of(ValueType::kInteger, -5)), std::nullopt);
  EXPECT_EQ(integer({ColumnKind::kDate}, cell_of(ValueType::kBoolean, 1)), std::nullopt);
  EXPECT_EQ(integer({ColumnKind::kText}, cell_of(ValueType::kDate, 1)), std::nullopt);
  for (const ColumnKind kind : {ColumnKind::kSingle, ColumnKind::kReal}) {
    Cell single = real_cell(ValueType::kSingle, 0.5);
    EXPECT_TRUE(cast_in_place(single, {kind}));
    EXPECT_EQ(single.type, ValueType::kReal);
    EXPECT_EQ(single.real, 0.5);
  }
}

TEST(CellCast, TimestampsAreWidened) {
  const ColumnType micros{ColumnKind::kTimestamp};
  EXPECT_EQ(integer(micros, timestamp_cell(-5, 0)), -5'000'000);
  EXPECT_EQ(integer(micros, timestamp_cell(7, 3, true)), 7000);
  EXPECT_EQ(integer(micros, timestamp_cell(7, 6)), 7);
  EXPECT_EQ(integer(micros, timestamp_cell(7000, 9)), 7);
  EXPECT_EQ(integer(micros, timestamp_cell(7001, 9)), std::nullopt);
  EXPECT_EQ(integer(nanoseconds(), timestamp_cell(7, 7)), 700);
  EXPECT_EQ(integer(nanoseconds(), timestamp_cell(7, 9)), 7);
  // 2299 is beyond what nanoseconds count to.
  EXPECT_EQ(integer(nanoseconds(), timestamp_cell(10'413'791'999'00'000'000, 8)), std::nullopt);
  EXPECT_EQ(integer(micros, timestamp_cell(std::numeric_limits<int64_t>::max(), 5)), std::nullopt);
  EXPECT_EQ(integer(nanoseconds(), cell_of(ValueType::kInteger, 5)), std::nullopt);
}

TEST(CellCast, NumbersOfAnyLength) {
  EXPECT_EQ(number({ColumnKind::kUnsigned}, "18446744073709551615"), -1);
  EXPECT_EQ(number({ColumnKind::kUnsigned}, "18446744073709551616"), std::nullopt);
  EXPECT_EQ(number({ColumnKind::kUnsigned}, "-1"), std::nullopt);
  EXPECT_EQ(number({ColumnKind::kInteger}, "-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(number({ColumnKind::kInteger}, "9223372036854775808"), std::nullopt);
  EXPECT_EQ(number({ColumnKind::kInteger}, "1.5"), std::nullopt);
  EXPECT_EQ(number({ColumnKind::kDecimal, 18, 2}, "-12.5"), -1250);
  EXPECT_EQ(number({ColumnKind::kDecimal, 18, 2}, "12.505"), std::nullopt);
  Cell text = cell_of(ValueType::kNumber, 77, 3);
  DecimalBytes bytes;
  EXPECT_TRUE(cast_cell(text, "1.5", {ColumnKind::kText}, bytes));
  EXPECT_EQ(text.type, ValueType::kText);
  EXPECT_EQ(text.offset, 77U);
}

TEST(CellCast, LongDecimals) {
  EXPECT_EQ(decimal(38, "0.01"), std::string(15, '\0') + "\1");
  EXPECT_EQ(decimal(38, "-0.01"), std::string(16, '\xff'));
  EXPECT_EQ(decimal(76, "2.58"), std::string(30, '\0') + "\1\2");
  EXPECT_EQ(decimal(76, "-0.02"), std::string(31, '\xff') + "\xfe");
  EXPECT_EQ(decimal(38, std::string(36, '9') + ".99").size(), 16U);
  EXPECT_EQ(decimal(38, std::string(37, '9') + ".99"), "misfit");
  EXPECT_EQ(decimal(76, std::string(75, '9')), "misfit");
}

TEST(CellCast, OnlyNumbersAndTextBecomeDecimals) {
  Cell blob = cell_of(ValueType::kBlob, 0, 1);
  DecimalBytes bytes;
  EXPECT_FALSE(cast_cell(blob, "1", {ColumnKind::kDecimal, 38, 2}, bytes));
  Cell date = cell_of(ValueType::kDate, 1);
  EXPECT_FALSE(cast_cell(date, {}, {ColumnKind::kDecimal, 38, 2}, bytes));
}

}  // namespace
}  // namespace sluice

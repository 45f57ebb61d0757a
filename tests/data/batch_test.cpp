#include "data/batch.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

TEST(Batch, HoldsRowsColumnByColumn) {
  Batch batch;
  batch.reset(3);
  batch.add_integer(0, -7);
  batch.add_text(1, "one");
  batch.add_null(2);
  batch.end_row();
  batch.add_real(0, 2.5);
  batch.add_text(1, "");
  batch.add_blob(2, std::string_view("\0\xff", 2));
  batch.end_row();

  ASSERT_EQ(batch.rows(), 2U);
  ASSERT_EQ(batch.columns(), 3U);
  EXPECT_EQ(batch.at(0, 0).type, ValueType::kInteger);
  EXPECT_EQ(batch.at(0, 0).integer, -7);
  EXPECT_EQ(batch.at(0, 1).type, ValueType::kReal);
  EXPECT_EQ(batch.at(0, 1).real, 2.5);
  EXPECT_EQ(batch.text(batch.at(1, 0)), "one");
  EXPECT_EQ(batch.at(1, 1).type, ValueType::kText);
  EXPECT_EQ(batch.text(batch.at(1, 1)), "");
  EXPECT_EQ(batch.at(2, 0).type, ValueType::kNull);
  EXPECT_EQ(batch.at(2, 1).type, ValueType::kBlob);
  EXPECT_EQ(batch.text(batch.at(2, 1)), std::string_view("\0\xff", 2));
}

TEST(Batch, ClearKeepsColumnsAndResetChangesThem) {
  Batch batch;
  batch.reset(2);
  batch.add_text(0, "a");
  batch.add_text(1, "b");
  batch.end_row();
  EXPECT_GT(batch.bytes(), 2U);
  batch.clear();
  EXPECT_EQ(batch.rows(), 0U);
  EXPECT_EQ(batch.columns(), 2U);
  EXPECT_EQ(batch.bytes(), 0U);
  batch.add_text(0, "c");
  batch.add_null(1);
  batch.end_row();
  EXPECT_EQ(batch.text(batch.at(0, 0)), "c");
  batch.reset(1);
  EXPECT_EQ(batch.rows(), 0U);
  EXPECT_EQ(batch.columns(), 1U);
}

TEST(Batch, KeepsSomeRows) {
  Batch batch;
  batch.reset(2);
  for (int64_t i = 0; i < 100; ++i) {
    batch.add_integer(0, i);
    batch.add_text(1, "text " + std::to_string(i));
    batch.end_row();
  }
  std::vector<bool> keep(100);
  for (const size_t row : {0, 41, 99}) keep[row] = true;
  batch.keep_rows(keep);
  ASSERT_EQ(batch.rows(), 3U);
  EXPECT_EQ(batch.at(0, 0).integer, 0);
  EXPECT_EQ(batch.at(0, 1).integer, 41);
  EXPECT_EQ(batch.text(batch.at(1, 1)), "text 41");
  EXPECT_EQ(batch.text(batch.at(1, 2)), "text 99");
  batch.keep_rows({false, false, false});
  EXPECT_EQ(batch.rows(), 0U);
}

TEST(Batch, ColumnsOfAFileHaveTheTypesThatTheEngineSays) {
  const std::vector<FileColumn> columns =
      file_columns_of({{"a", "INTEGER"}, {"b", "Date", ColumnType{ColumnKind::kDate}}});
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].type, ColumnType());
  EXPECT_EQ(columns[1].name, "b");
  EXPECT_EQ(columns[1].type.kind, ColumnKind::kDate);
  EXPECT_EQ(columns[1].source, 1U);
}

TEST(Batch, UnitsOfTime) {
  const TimestampUnit unit = TimestampUnit::of(TimestampUnit{6, true}.size());
  EXPECT_EQ(unit.digits, 6U);
  EXPECT_TRUE(unit.zoned);
  EXPECT_EQ(unit.per_second(), 1'000'000);
  EXPECT_FALSE(TimestampUnit::of(TimestampUnit{0, false}.size()).zoned);
}

TEST(Batch, WhatIsNotStoredIsAnError) {
  EXPECT_ERROR(fail_not_stored(ValueType::kNested), kInternal);
}

}  // namespace
}  // namespace sluice

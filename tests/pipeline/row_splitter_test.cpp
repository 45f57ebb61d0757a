#include "pipeline/row_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

using testing::ElementsAre;

RowSplitter splitter(std::string_view file_template) {
  return RowSplitter(
      KeyBuilder(FileTemplate::parse(file_template), "", ".csv", {{"k", ""}, {"v", ""}}, {}));
}

Batch batch_of(std::initializer_list<const char*> keys) {
  Batch batch;
  batch.reset(2);
  int64_t value = 0;
  for (const char* key : keys) {
    if (key == nullptr) {
      batch.add_null(0);
    } else {
      batch.add_text(0, key);
    }
    batch.add_integer(1, value++);
    batch.end_row();
  }
  return batch;
}

TEST(RowSplitter, NumbersKeysAsTheyCome) {
  RowSplitter rows = splitter("{k}");
  rows.split(batch_of({"b", "a", "b", nullptr, "a", "a"}));
  EXPECT_THAT(rows.touched(), ElementsAre(0, 1, 2));
  EXPECT_EQ(rows.key(0), "b.csv");
  EXPECT_EQ(rows.key(1), "a.csv");
  EXPECT_EQ(rows.key(2), "__HIVE_DEFAULT_PARTITION__.csv");
  EXPECT_THAT(rows.rows(0), ElementsAre(0, 2));
  EXPECT_THAT(rows.rows(1), ElementsAre(1, 4, 5));
  EXPECT_THAT(rows.rows(2), ElementsAre(3));
}

TEST(RowSplitter, KeepsNumbersAndForgetsRows) {
  RowSplitter rows = splitter("{k}");
  rows.split(batch_of({"a", "b"}));
  rows.split(batch_of({"c", "b", "b"}));
  EXPECT_THAT(rows.touched(), ElementsAre(2, 1));
  EXPECT_THAT(rows.rows(1), ElementsAre(1, 2));
  EXPECT_THAT(rows.rows(0), ElementsAre());
  EXPECT_EQ(rows.keys(), 3U);
  EXPECT_EQ(rows.number_of("b.csv"), 1U);
  EXPECT_EQ(rows.number_of("of another lane.csv"), 3U);
  rows.clear();
  EXPECT_EQ(rows.keys(), 0U);
  rows.split(batch_of({"b"}));
  EXPECT_THAT(rows.touched(), ElementsAre(0));
}

/// Whether a text was seen before must not count: other texts may have its key, and errors come.
TEST(RowSplitter, SeveralTextsOfOneKeyAndBadOnes) {
  RowSplitter rows = splitter("{k}");
  rows.split(batch_of({"1", "a"}));
  Batch numbers;
  numbers.reset(2);
  numbers.add_integer(0, 1);
  numbers.add_null(1);
  numbers.end_row();
  rows.split(numbers);
  EXPECT_THAT(rows.touched(), ElementsAre(0)) << "the number 1 and the text 1 name one file";
  for (int i = 0; i < 2; ++i) EXPECT_ERROR(rows.split(batch_of({"a", "\xff"})), kInvalid);
}

TEST(RowSplitter, TwoColumnsDatesAndDealtRows) {
  RowSplitter both = splitter("{k}/{v}");
  both.split(batch_of({"a", "a"}));
  EXPECT_EQ(both.keys(), 2U);
  RowSplitter dates = splitter("{k, '%Y'}");
  dates.split(batch_of({"2026-01-01", "2026-02-01", "2025-01-01"}));
  EXPECT_THAT(dates.touched(), ElementsAre(0, 1));
  RowSplitter dealt = splitter("{2}-{k}");
  dealt.split(batch_of({"a", "a", "a"}));
  EXPECT_THAT(dealt.rows(0), ElementsAre(0, 2));
  RowSplitter single = splitter("all");
  single.split(batch_of({"a", "b"}));
  EXPECT_THAT(single.rows(0), ElementsAre(0, 1));
}

TEST(RowSplitter, ValuesThatAreInTheirCells) {
  for (const std::string_view file_template : {"{k}", "{k, '%Y-%m'}"}) {
    RowSplitter rows = splitter(file_template);
    Batch batch;
    batch.reset(2);
    const std::vector<Cell> cells = {cell_of(ValueType::kDate, 0),
                                     cell_of(ValueType::kDate, 0),
                                     timestamp_cell(0, 0),
                                     timestamp_cell(0, 3),
                                     Cell(),
                                     cell_of(ValueType::kDate, 0),
                                     cell_of(ValueType::kDate, 40)};
    for (const Cell& cell : cells) {
      batch.add_cell(0, cell);
      batch.add_null(1);
      batch.end_row();
    }
    for (int round = 0; round < 2; ++round) {
      rows.split(batch);
      KeyBuilder direct = rows.builder();
      for (const size_t number : rows.touched()) {
        for (const uint32_t row : rows.rows(number)) {
          std::string wanted;
          direct.key_of(batch, row, wanted);
          EXPECT_EQ(rows.key(number), wanted) << row;
        }
      }
      rows.clear();
    }
  }
}

}  // namespace
}  // namespace sluice

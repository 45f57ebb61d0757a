#include "format/parquet_levels.h"

#include <gtest/gtest.h>

#include "format/parquet_reader.h"

namespace sluice {
namespace {

/// The levels at the front of a page, which are taken off.
std::vector<uint32_t> take_levels(std::string_view& page, unsigned width, size_t count) {
  uint32_t bytes = 0;
  std::memcpy(&bytes, page.data(), sizeof bytes);
  const std::vector<uint32_t> levels = decode_rle(page.substr(sizeof bytes, bytes), width, count);
  page.remove_prefix(sizeof bytes + bytes);
  return levels;
}

TEST(ParquetLevels, RowsHoldNoBitsBeforeTheFirstNull) {
  ParquetLevels rows({});
  for (int i = 0; i < 100; ++i) rows.add_value();
  EXPECT_EQ(rows.bytes(), 0U);
  rows.add_null();
  EXPECT_EQ(rows.entries(), 101U);
  EXPECT_EQ(rows.nulls(), 1U);
  EXPECT_EQ(rows.values(0, 101), 100U);
  EXPECT_TRUE(rows.has_value(99));
  EXPECT_FALSE(rows.has_value(100));
  EXPECT_TRUE(rows.begins_record(50));
  EXPECT_EQ(rows.whole_records(0, 101, 7), 7U);
  rows.clear();
  EXPECT_EQ(rows.entries(), 0U);
}

TEST(ParquetLevels, EntriesOfALeaf) {
  ParquetLevels leaf({3, 1});
  leaf.add(3, 0);
  leaf.add(2, 1);
  leaf.add(0, 0);
  leaf.add(3, 0);
  leaf.add(3, 1);
  EXPECT_EQ(leaf.nulls(), 2U);
  EXPECT_EQ(leaf.values(1, 3), 1U);
  EXPECT_FALSE(leaf.has_value(1));
  EXPECT_FALSE(leaf.begins_record(1));
  EXPECT_TRUE(leaf.begins_record(2));
  std::string text;
  leaf.append_to(text, 0, 5);
  std::string_view page = text;
  EXPECT_EQ(take_levels(page, 1, 5), (std::vector<uint32_t>{0, 1, 0, 0, 1}));
  EXPECT_EQ(take_levels(page, 2, 5), (std::vector<uint32_t>{3, 2, 0, 3, 3}));
  EXPECT_EQ(page, "");
}

TEST(ParquetLevels, OfAStructNothingRepeats) {
  ParquetLevels leaf({2, 0});
  leaf.add(1, 0);
  leaf.add(2, 0);
  EXPECT_TRUE(leaf.begins_record(1));
  std::string text;
  leaf.append_to(text, 0, 2);
  std::string_view page = text;
  EXPECT_EQ(take_levels(page, 2, 2), (std::vector<uint32_t>{1, 2}));
  EXPECT_EQ(page, "");
}

TEST(ParquetLevels, RecordsAreNotCut) {
  ParquetLevels leaf({3, 1});
  for (const int length : {3, 1, 5, 2}) {
    for (int i = 0; i < length; ++i) leaf.add(3, i == 0 ? 0 : 1);
  }
  EXPECT_EQ(leaf.whole_records(0, 11, 11), 11U);
  EXPECT_EQ(leaf.whole_records(0, 11, 4), 4U);
  EXPECT_EQ(leaf.whole_records(0, 11, 8), 4U);
  EXPECT_EQ(leaf.whole_records(0, 11, 2), 3U) << "one record is longer";
  EXPECT_EQ(leaf.whole_records(4, 11, 3), 5U);
  EXPECT_EQ(leaf.whole_records(9, 11, 1), 2U);
}

}  // namespace
}  // namespace sluice

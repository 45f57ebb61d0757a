#include "intake/parquet_cursor.h"

#include <gtest/gtest.h>

#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

ParquetNode optional_leaf() {
  ParquetNode leaf;
  leaf.name = "x";
  leaf.type = ParquetType::kInt32;
  leaf.optional = true;
  leaf.definition = 1;
  return leaf;
}

/// A page of an optional column.
MadePage page_of(const std::vector<uint32_t>& levels, const std::vector<int32_t>& values) {
  MadePage page;
  page.values = static_cast<int>(levels.size());
  page.body = with_length(packed_run(levels, 1)) + plain(values);
  return page;
}

/// Everything in a chunk, NULL as -1.
std::vector<int64_t> read(const ParquetNode& leaf, const std::string& pages, int64_t values) {
  const auto bytes = range_in_memory(pages);
  ParquetReading reading{*bytes};
  ParquetCursor cursor(leaf, reading);
  cursor.begin({0, pages.size(), values, ParquetCodec::kNone});
  std::vector<int64_t> all;
  while (cursor.more()) {
    const ParquetValue* const value = cursor.take();
    all.push_back(value == nullptr ? -1 : value->integer);
  }
  return all;
}

TEST(ParquetCursor, ValuesAndNullsOverPages) {
  const std::string pages = made_page(page_of({1, 0, 1}, {7, 8})) + made_page(page_of({}, {})) +
                            made_page(page_of({0, 0}, {})) + made_page(page_of({1}, {9}));
  EXPECT_EQ(read(optional_leaf(), pages, 6), (std::vector<int64_t>{7, -1, 8, -1, -1, 9}));
}

TEST(ParquetCursor, LongPagesComeInBlocks) {
  std::vector<uint32_t> levels;
  std::vector<int32_t> values;
  std::vector<int64_t> wanted;
  for (int32_t i = 0; i < 5000; ++i) {
    levels.push_back(i % 7 == 0 ? 0 : 1);
    if (i % 7 != 0) values.push_back(i);
    wanted.push_back(i % 7 == 0 ? -1 : i);
  }
  EXPECT_EQ(read(optional_leaf(), made_page(page_of(levels, values)), 5000), wanted);
}

TEST(ParquetCursor, ADictionaryIsKeptWhileItsPagesPass) {
  MadePage dictionary;
  dictionary.type = ParquetPageType::kDictionary;
  dictionary.values = 2;
  dictionary.body = plain<int32_t>({70, 80});
  MadePage numbers = page_of({1, 1, 0}, {});
  numbers.encoding = ParquetEncoding::kRleDictionary;
  numbers.body += "\x01" + packed_run({1, 0}, 1);
  const std::string pages = made_page(dictionary) + made_page(numbers) +
                            made_page(page_of({1}, {5})) + made_page(numbers);
  EXPECT_EQ(read(optional_leaf(), pages, 7), (std::vector<int64_t>{80, 70, -1, 5, 80, 70, -1}));
  EXPECT_ERROR(read(optional_leaf(), made_page(dictionary) + pages, 7), kInvalid) << "two of them";
  dictionary.values = 3;
  EXPECT_ERROR(read(optional_leaf(), made_page(dictionary) + made_page(numbers), 3), kInvalid);
  dictionary.values = 1 << 20;
  EXPECT_ERROR(read(optional_leaf(), made_page(dictionary) + made_page(numbers), 3), kInvalid);
  dictionary.values = 2;
  dictionary.encoding = ParquetEncoding::kRle;
  EXPECT_ERROR(read(optional_leaf(), made_page(dictionary) + made_page(numbers), 3), kInvalid);
}

TEST(ParquetCursor, CountsThatDoNotMatch) {
  const ParquetNode leaf = optional_leaf();
  const std::string page = made_page(page_of({1, 0, 1}, {7, 8}));
  const Error more = caught([&] { read(leaf, page, 2); });
  EXPECT_EQ(more.code(), ErrorCode::kInvalid);
  EXPECT_NE(more.message().find("Column 'x': "), std::string::npos);
  EXPECT_NE(more.message().find("more values than the row group says"), std::string::npos);
  EXPECT_ERROR(read(leaf, page, 4), kInvalid) << "fewer";
  EXPECT_ERROR(read(leaf, made_page(page_of({1, 1, 1}, {7, 8})), 3), kInvalid);
  EXPECT_ERROR(read(leaf, made_page(page_of({1, 1}, {})), 2), kInvalid) << "no values at all";
}

TEST(ParquetCursor, TakingMoreThanThereIsIsInvalid) {
  const std::string page = made_page(page_of({1}, {7}));
  const auto bytes = range_in_memory(page);
  ParquetReading reading{*bytes};
  const ParquetNode leaf = optional_leaf();
  ParquetCursor cursor(leaf, reading);
  cursor.begin({0, page.size(), 1, ParquetCodec::kNone});
  EXPECT_EQ(cursor.take()->integer, 7);
  EXPECT_FALSE(cursor.more());
  EXPECT_ERROR(cursor.take(), kInvalid);
}

}  // namespace
}  // namespace sluice

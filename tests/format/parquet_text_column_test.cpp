#include <gtest/gtest.h>

#include "format/column_checks.h"
#include "format/parquet_dictionary.h"

namespace sluice {
namespace {

TEST(ParquetTextColumn, PlainValues) {
  OneColumn rows;
  rows.text("one").null().text("").text("\xc3\xbc");
  const Encoded encoded = encode(column_of(ColumnKind::kText), rows);
  ASSERT_EQ(encoded.pages.size(), 1U);
  EXPECT_EQ(encoded.pages[0].levels(), (std::vector<uint32_t>{1, 0, 1, 1}));
  EXPECT_EQ(encoded.pages[0].data(), plain_text("one") + plain_text("") + plain_text("\xc3\xbc"));
  EXPECT_EQ(encoded.chunk.statistics.min, "");
  EXPECT_EQ(encoded.chunk.statistics.max, "\xc3\xbc");
  EXPECT_EQ(encoded.chunk.statistics.nulls, 1);
}

TEST(ParquetTextColumn, FewValuesGoIntoADictionary) {
  OneColumn rows;
  for (int i = 0; i < 100; ++i) rows.text(i % 2 == 0 ? "red" : "green").null();
  const Encoded encoded = encode(column_of(ColumnKind::kText), rows);
  ASSERT_EQ(encoded.pages.size(), 2U);
  EXPECT_EQ(encoded.pages[0].body, plain_text("red") + plain_text("green"));
  EXPECT_EQ(encoded.pages[1].values(), 200);
  EXPECT_EQ(encoded.chunk.statistics.distinct, 2);
  EXPECT_EQ(encoded.chunk.statistics.min, "green");
}

TEST(ParquetTextColumn, PagesEndByBytes) {
  OneColumn rows;
  const std::string half(kPageBytes / 2 - 4, 'h');
  const std::string much(3 * kPageBytes, 'm');
  const std::string other(kPageBytes / 2 - 4, 'o');
  rows.blob(half).blob(other).null().blob("x").blob(much).blob("y");
  const Encoded encoded = encode(column_of(ColumnKind::kBytes), rows);
  ASSERT_EQ(encoded.pages.size(), 4U);
  EXPECT_EQ(encoded.pages[0].values(), 3);
  EXPECT_EQ(encoded.pages[0].data().size(), kPageBytes);
  EXPECT_EQ(encoded.pages[1].data(), plain_text("x"));
  EXPECT_EQ(encoded.pages[2].data().size(), 3 * kPageBytes + 4);
  EXPECT_EQ(encoded.pages[3].data(), plain_text("y"));
}

TEST(ParquetTextColumn, AFullDictionaryIsFollowedByPlainPages) {
  // Each value four times: 1 MiB of them is reached after about 80,000 rows.
  const FileColumn type = column_of(ColumnKind::kText);
  const auto column = make_parquet_column(type);
  const auto value = [](size_t row) {
    return "a value of about fifty bytes, number " + std::to_string(1000000 + row / 4);
  };
  constexpr size_t kRows = 100000;
  OneColumn rows;
  for (size_t row = 0; row < kRows; ++row) rows.text(value(row));
  column->add(rows.batch);
  const Encoded encoded = encode(*column);

  ASSERT_TRUE(encoded.pages.at(0).dictionary());
  EXPECT_LE(encoded.pages[0].body.size(), dictionary_rule::kMostBytes);
  std::vector<std::string> entries;
  for (std::string_view left = encoded.pages[0].body; !left.empty();) {
    entries.emplace_back(left.substr(4, 44));
    left.remove_prefix(48);
  }
  EXPECT_EQ(static_cast<int64_t>(entries.size()), encoded.pages[0].values());
  size_t row = 0;
  for (const Page& page : std::span(encoded.pages).subspan(1)) {
    const std::string data = page.data();
    const auto count = static_cast<size_t>(page.values());
    if (page.encoding() == 8) {
      const auto width = static_cast<unsigned>(data[0]);
      for (const uint32_t id : decode_rle(std::string_view(data).substr(1), width, count)) {
        ASSERT_EQ(entries.at(id), value(row++));
      }
    } else {
      for (size_t i = 0; i < count; ++i) ASSERT_EQ(data.substr(i * 48 + 4, 44), value(row++));
    }
  }
  EXPECT_EQ(row, kRows);
  EXPECT_EQ(encoded.pages.back().encoding(), 0);
  EXPECT_FALSE(encoded.chunk.statistics.distinct.has_value());
  EXPECT_EQ(encoded.chunk.statistics.max, value(kRows - 1));
}

TEST(ParquetTextColumn, AValueLongerThanADictionary) {
  OneColumn rows;
  const std::string much(2 * kPageBytes, 'm');
  rows.text("a").text("a").text(much).text("a");
  const Encoded encoded = encode(column_of(ColumnKind::kText), rows);
  ASSERT_EQ(encoded.pages.size(), 3U);
  EXPECT_EQ(encoded.pages[0].data(), plain_text("a") + plain_text("a"));
  EXPECT_EQ(encoded.pages[1].data().size(), much.size() + 4);
  EXPECT_FALSE(encoded.chunk.statistics.max_exact);
}

}  // namespace
}  // namespace sluice

#include <gtest/gtest.h>

#include "format/column_checks.h"

namespace sluice {
namespace {

TEST(ParquetBooleanColumn, BitsOfThoseThatAreNotNull) {
  OneColumn rows;
  rows.integer(1).null().integer(0).integer(1);
  const Encoded encoded = encode(column_of(ColumnKind::kBoolean), rows);
  ASSERT_EQ(encoded.pages.size(), 1U);
  EXPECT_EQ(encoded.pages[0].levels(), (std::vector<uint32_t>{1, 0, 1, 1}));
  EXPECT_EQ(encoded.pages[0].data(), "\x05");
  EXPECT_EQ(encoded.chunk.statistics.nulls, 1);
  EXPECT_EQ(encoded.chunk.statistics.distinct, 2);
  EXPECT_EQ(encoded.chunk.statistics.min, std::string(1, '\0'));
  EXPECT_EQ(encoded.chunk.statistics.max, "\1");
}

TEST(ParquetBooleanColumn, PagesBeginWithinBytes) {
  const FileColumn type = column_of(ColumnKind::kBoolean);
  const auto column = make_parquet_column(type);
  OneColumn rows;
  for (size_t i = 0; i < 2 * kPageEntries + 1; ++i) {
    if (i % 3 == 0) {
      rows.null();
    } else {
      rows.integer(i % 3 == 1 ? 1 : 0);
    }
  }
  column->add(rows.batch);
  EXPECT_GT(column->bytes(), 5000U);
  const Encoded encoded = encode(*column);
  ASSERT_EQ(encoded.pages.size(), 3U);
  // 13,333 values of 20,000 rows: every second one is true.
  EXPECT_EQ(encoded.pages[0].data().substr(0, 2), "\x55\x55");
  EXPECT_EQ(encoded.pages[0].data().size(), 1667U);
  EXPECT_EQ(encoded.pages[1].data().substr(0, 2), "\xaa\xaa");
  EXPECT_EQ(encoded.pages[2].values(), 1);
  EXPECT_EQ(column->bytes(), 0U);
}

TEST(ParquetBooleanColumn, OneValueOnly) {
  OneColumn rows;
  rows.integer(1).integer(1);
  const ParquetStatistics statistics =
      encode(column_of(ColumnKind::kBoolean), rows).chunk.statistics;
  EXPECT_EQ(statistics.min, "\1");
  EXPECT_EQ(statistics.max, "\1");
  EXPECT_EQ(statistics.distinct, 1);
}

}  // namespace
}  // namespace sluice

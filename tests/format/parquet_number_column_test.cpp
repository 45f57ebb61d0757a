#include <gtest/gtest.h>

#include <cmath>

#include "format/column_checks.h"

namespace sluice {
namespace {

TEST(ParquetNumberColumn, FewValuesGoIntoADictionary) {
  OneColumn rows;
  for (int64_t i = 0; i < 1000; ++i) rows.integer(i % 4 * 100);
  const Encoded encoded = encode(column_of(ColumnKind::kInteger), rows);
  ASSERT_EQ(encoded.pages.size(), 2U);
  EXPECT_TRUE(encoded.pages[0].dictionary());
  EXPECT_EQ(encoded.pages[0].values(), 4);
  EXPECT_EQ(encoded.pages[0].body,
            plain(int64_t{0}) + plain(int64_t{100}) + plain(int64_t{200}) + plain(int64_t{300}));
  EXPECT_EQ(encoded.pages[1].encoding(), 8);
  const std::string data = encoded.pages[1].data();
  EXPECT_EQ(data[0], 2);
  const std::vector<uint32_t> ids = decode_rle(std::string_view(data).substr(1), 2, 1000);
  for (uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(ids[i], i % 4);
  EXPECT_EQ(encoded.chunk.statistics.distinct, 4);
  EXPECT_EQ(encoded.chunk.statistics.max, plain(int64_t{300}));
}

TEST(ParquetNumberColumn, ValuesThatNeverRepeatArePlain) {
  OneColumn rows;
  std::string wanted;
  for (int64_t i = 0; i < 30000; ++i) {
    rows.integer(i * i);
    if (i < 20000) wanted += plain(i * i);
  }
  const Encoded encoded = encode(column_of(ColumnKind::kInteger), rows);
  ASSERT_EQ(encoded.pages.size(), 2U);
  EXPECT_EQ(encoded.pages[0].values(), 20000);
  EXPECT_EQ(encoded.pages[0].encoding(), 0);
  EXPECT_TRUE(encoded.pages[0].data() == wanted);
  EXPECT_EQ(encoded.pages[1].values(), 10000);
  EXPECT_FALSE(encoded.chunk.statistics.distinct.has_value());
  EXPECT_EQ(encoded.chunk.statistics.min, plain(int64_t{0}));
}

TEST(ParquetNumberColumn, TheSameRowsInOtherBatchesAreTheSamePages) {
  const auto pages = [](size_t batch_rows) {
    const FileColumn type = column_of(ColumnKind::kReal);
    const auto column = make_parquet_column(type);
    for (size_t row = 0; row < 50000;) {
      OneColumn rows;
      for (size_t i = 0; i < batch_rows && row < 50000; ++i, ++row) {
        rows.real(static_cast<double>(row * 7919 % 12000) / 4);
      }
      column->add(rows.batch);
    }
    ParquetPageWriter writer(Compression::kNone, {});
    std::string out;
    column->encode(writer, out);
    return out;
  };
  const std::string once = pages(50000);
  EXPECT_TRUE(once == pages(1000));
  EXPECT_TRUE(once == pages(77));
}

TEST(ParquetNumberColumn, NansOfADictionaryAreCounted) {
  OneColumn rows;
  for (int i = 0; i < 300; ++i) rows.real(i % 3 == 0 ? std::nan("") : i % 3 == 1 ? -0.0 : 0.0);
  const Encoded encoded = encode(column_of(ColumnKind::kReal), rows);
  ASSERT_EQ(encoded.pages.size(), 2U);
  EXPECT_EQ(encoded.pages[0].values(), 3);
  EXPECT_EQ(encoded.chunk.statistics.nans, 100);
  EXPECT_FALSE(encoded.chunk.statistics.distinct.has_value());
  EXPECT_EQ(encoded.chunk.statistics.min, plain(-0.0));
  EXPECT_EQ(encoded.chunk.statistics.max, plain(0.0));
  OneColumn few;
  few.real(1).real(std::nan(""));
  EXPECT_EQ(encode(column_of(ColumnKind::kReal), few).chunk.statistics.nans, 1);
}

TEST(ParquetNumberColumn, DatesAndLongDecimals) {
  OneColumn dates;
  dates.integer(-1).null().integer(20000);
  EXPECT_EQ(encode(column_of(ColumnKind::kDate), dates).pages.at(0).data(),
            plain(int32_t{-1}) + plain(int32_t{20000}));
  OneColumn decimals;
  const std::string minus_one(16, '\xff');
  const std::string one = std::string(15, '\0') + "\1";
  decimals.blob(one).blob(minus_one);
  const Encoded encoded = encode(column_of(ColumnKind::kDecimal, 38, 2), decimals);
  EXPECT_EQ(encoded.pages.at(0).data(), one + minus_one);
  EXPECT_EQ(encoded.chunk.statistics.min, minus_one);
  EXPECT_EQ(encoded.chunk.statistics.max, one);
}

TEST(ParquetNumberColumn, UnsignedNumbersHaveTheirOwnOrder) {
  OneColumn rows;
  rows.integer(-1).integer(5).integer(0);
  const Encoded encoded = encode(column_of(ColumnKind::kUnsigned), rows);
  EXPECT_EQ(encoded.pages.at(0).data(), plain(int64_t{-1}) + plain(int64_t{5}) + plain(int64_t{0}));
  EXPECT_EQ(encoded.chunk.statistics.min, plain(int64_t{0}));
  EXPECT_EQ(encoded.chunk.statistics.max, plain(~uint64_t{0}));
}

TEST(ParquetNumberColumn, SinglesAndTheLongestDecimals) {
  OneColumn reals;
  reals.real(0.5).real(std::nan("")).real(-0.0).null();
  const Encoded encoded = encode(column_of(ColumnKind::kSingle), reals);
  EXPECT_EQ(encoded.pages.at(0).data().substr(0, 4), plain(0.5F));
  EXPECT_EQ(encoded.pages.at(0).data().size(), 12U);
  EXPECT_EQ(encoded.chunk.statistics.nans, 1);
  EXPECT_EQ(encoded.chunk.statistics.min, plain(-0.0F));
  EXPECT_EQ(encoded.chunk.statistics.max, plain(0.5F));
  OneColumn decimals;
  const std::string minus_one(32, '\xff');
  const std::string one = std::string(31, '\0') + "\1";
  decimals.blob(one).blob(minus_one);
  const Encoded fixed = encode(column_of(ColumnKind::kDecimal, 76, 2), decimals);
  EXPECT_EQ(fixed.pages.at(0).data(), one + minus_one);
  EXPECT_EQ(fixed.chunk.statistics.min, minus_one);
  EXPECT_EQ(fixed.chunk.statistics.max, one);
}

TEST(ParquetNumberColumn, AClearedColumnBeginsAnew) {
  const FileColumn type = column_of(ColumnKind::kInteger);
  const auto column = make_parquet_column(type);
  for (int round = 0; round < 3; ++round) {
    OneColumn rows;
    for (int64_t i = 0; i < 5000; ++i) rows.integer(round == 1 ? i : i % 3);
    column->add(rows.batch);
    EXPECT_GE(column->bytes(), 20000U);
    const Encoded encoded = encode(*column);
    EXPECT_EQ(encoded.pages.size(), round == 1 ? 1U : 2U);
    EXPECT_EQ(encoded.chunk.values, 5000);
    EXPECT_EQ(column->bytes(), 0U);
  }
}

}  // namespace
}  // namespace sluice

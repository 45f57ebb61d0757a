#include "format/parquet_column.h"

#include <gtest/gtest.h>

#include <array>

#include "format/column_checks.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(ParquetColumn, TypesOfKinds) {
  EXPECT_EQ(parquet_type({ColumnKind::kInteger, 0, 0}), ParquetType::kInt64);
  EXPECT_EQ(parquet_type({ColumnKind::kReal, 0, 0}), ParquetType::kDouble);
  EXPECT_EQ(parquet_type({ColumnKind::kText, 0, 0}), ParquetType::kByteArray);
  EXPECT_EQ(parquet_type({ColumnKind::kBytes, 0, 0}), ParquetType::kByteArray);
  EXPECT_EQ(parquet_type({ColumnKind::kBoolean, 0, 0}), ParquetType::kBoolean);
  EXPECT_EQ(parquet_type({ColumnKind::kDate, 0, 0}), ParquetType::kInt32);
  EXPECT_EQ(parquet_type({ColumnKind::kTimestamp, 0, 0}), ParquetType::kInt64);
  EXPECT_EQ(parquet_type({ColumnKind::kDecimal, 18, 2}), ParquetType::kInt64);
  EXPECT_EQ(parquet_type({ColumnKind::kDecimal, 19, 2}), ParquetType::kFixedLenByteArray);
  EXPECT_EQ(parquet_type({ColumnKind::kUnsigned, 0, 0}), ParquetType::kInt64);
  EXPECT_EQ(parquet_type({ColumnKind::kSingle, 0, 0}), ParquetType::kFloat);
  EXPECT_ERROR(parquet_type({ColumnKind::kList, 0, 0}), kInternal);
}

TEST(ParquetColumn, ValuesOfAnotherKindAreRefused) {
  OneColumn real;
  real.real(1);
  OneColumn text;
  text.text("x");
  for (const ColumnKind kind : {ColumnKind::kInteger, ColumnKind::kText, ColumnKind::kBytes,
                                ColumnKind::kBoolean, ColumnKind::kDate}) {
    EXPECT_ERROR(make_parquet_column(column_of(kind))->add(real.batch), kInternal);
  }
  EXPECT_ERROR(make_parquet_column(column_of(ColumnKind::kReal))->add(text.batch), kInternal);
  OneColumn late;
  late.integer(int64_t{1} << 31);
  EXPECT_ERROR(make_parquet_column(column_of(ColumnKind::kDate))->add(late.batch), kInternal);
  OneColumn blob;
  blob.blob("short");
  EXPECT_ERROR(make_parquet_column(column_of(ColumnKind::kDecimal, 20))->add(blob.batch),
               kInternal);
}

TEST(ParquetColumn, AllNull) {
  OneColumn rows;
  for (int i = 0; i < 30; ++i) rows.null();
  for (const ColumnKind kind : {ColumnKind::kInteger, ColumnKind::kText, ColumnKind::kBoolean}) {
    const Encoded encoded = encode(column_of(kind), rows);
    ASSERT_EQ(encoded.pages.size(), 1U);
    EXPECT_EQ(encoded.pages[0].values(), 30);
    EXPECT_EQ(encoded.pages[0].levels(), std::vector<uint32_t>(30, 0));
    EXPECT_EQ(encoded.pages[0].data(), "");
    EXPECT_EQ(encoded.chunk.statistics.nulls, 30);
    EXPECT_FALSE(encoded.chunk.statistics.min.has_value());
  }
}

TEST(ParquetColumn, ChosenRowsOfAColumnInTheMiddle) {
  Batch batch;
  batch.reset(2);
  for (int64_t i = 0; i < 4; ++i) {
    batch.add_text(0, "other");
    batch.add_integer(1, i * 10);
    batch.end_row();
  }
  FileColumn type = column_of(ColumnKind::kInteger);
  type.source = 1;
  const auto column = make_parquet_column(type);
  column->add(batch, std::array<uint32_t, 3>{3, 0, 2});
  column->add(batch, std::span<const uint32_t>());
  const Encoded encoded = encode(*column);
  EXPECT_EQ(encoded.pages.at(0).data(),
            plain(int64_t{30}) + plain(int64_t{0}) + plain(int64_t{20}));
}

}  // namespace
}  // namespace sluice

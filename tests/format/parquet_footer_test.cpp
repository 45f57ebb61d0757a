#include "format/parquet_footer.h"

#include <gtest/gtest.h>

#include <cstring>

#include "format/column_checks.h"
#include "support/nested_bytes.h"
#include "version.h"

namespace sluice {
namespace {

Thrift read(const std::string& footer) {
  EXPECT_EQ(footer.substr(footer.size() - 4), "PAR1");
  uint32_t length = 0;
  std::memcpy(&length, footer.data() + footer.size() - 8, sizeof length);
  EXPECT_EQ(length, footer.size() - 8);
  std::string_view left = std::string_view(footer).substr(0, length);
  Thrift metadata = ThriftReader(left).structure();
  EXPECT_TRUE(left.empty());
  return metadata;
}

TEST(ParquetFooter, TheSchemaOfEveryKind) {
  FormatSpec spec;
  const std::vector<ColumnType> types = {
      {ColumnKind::kInteger, 0, 0},   {ColumnKind::kReal, 0, 0},     {ColumnKind::kText, 0, 0},
      {ColumnKind::kBytes, 0, 0},     {ColumnKind::kBoolean, 0, 0},  {ColumnKind::kDate, 0, 0},
      {ColumnKind::kTimestamp, 0, 0}, {ColumnKind::kDecimal, 18, 3}, {ColumnKind::kDecimal, 38, 9},
      {ColumnKind::kUnsigned, 0, 0},  {ColumnKind::kSingle, 0, 0},   {ColumnKind::kTimestamp, 0, 9},
      {ColumnKind::kDecimal, 76, 9}};
  for (const ColumnType& type : types) {
    spec.columns.push_back({std::to_string(spec.columns.size()), type, spec.columns.size()});
  }
  const Thrift metadata = read(parquet_footer(spec, parquet_leaves(spec.columns), {}));
  EXPECT_EQ(metadata[1].number, 1);
  EXPECT_EQ(metadata[3].number, 0);
  EXPECT_TRUE(metadata[4].list.empty());
  EXPECT_FALSE(metadata.has(5));
  EXPECT_EQ(metadata[6].bytes, std::string("sluice version ") + kVersion);
  EXPECT_EQ(metadata[7].list.size(), types.size());
  EXPECT_TRUE(metadata[7].list[0].has(1));

  const std::vector<Thrift>& schema = metadata[2].list;
  ASSERT_EQ(schema.size(), types.size() + 1);
  EXPECT_EQ(schema[0][5].number, static_cast<int64_t>(types.size()));
  const std::vector<int64_t> physical = {2, 5, 6, 6, 0, 1, 2, 2, 7, 2, 4, 2, 7};
  for (size_t i = 0; i < types.size(); ++i) {
    EXPECT_EQ(schema[i + 1][1].number, physical[i]);
    EXPECT_EQ(schema[i + 1][3].number, 1);
    EXPECT_EQ(schema[i + 1][4].bytes, std::to_string(i));
  }
  EXPECT_FALSE(schema[1].has(10));
  EXPECT_TRUE(schema[3][10].has(1));
  EXPECT_EQ(schema[3][6].number, 0);
  EXPECT_TRUE(schema[6][10].has(6));
  EXPECT_EQ(schema[6][6].number, 6);
  EXPECT_EQ(schema[7][10][8][1].number, 1);
  EXPECT_TRUE(schema[7][10][8][2].has(2));
  EXPECT_EQ(schema[7][6].number, 10);
  EXPECT_EQ(schema[8][10][5][1].number, 3);
  EXPECT_EQ(schema[8][10][5][2].number, 18);
  EXPECT_EQ(schema[9][2].number, 16);
  EXPECT_EQ(schema[9][7].number, 9);
  EXPECT_EQ(schema[9][8].number, 38);
  EXPECT_EQ(schema[10][6].number, 14);
  EXPECT_EQ(schema[10][10][10][1].number, 64);
  EXPECT_EQ(schema[10][10][10][2].number, 0);
  EXPECT_FALSE(schema[11].has(10));
  EXPECT_FALSE(schema[12].has(6)) << "the old way has no nanoseconds";
  EXPECT_TRUE(schema[12][10][8][2].has(3));
  EXPECT_EQ(schema[13][2].number, 32);
}

TEST(ParquetFooter, OffsetsAreThoseInTheFile) {
  FormatSpec spec;
  spec.compression = Compression::kZstd;
  spec.columns = {column_of(ColumnKind::kInteger)};
  spec.metadata = {{"job", "7"}};
  const auto group = std::make_shared<ParquetRowGroup>();
  group->rows = 5;
  ParquetColumnChunk& chunk = group->columns.emplace_back();
  chunk.dictionary_offset = 0;
  chunk.data_offset = 40;
  chunk.values = 5;
  chunk.raw_bytes = 90;
  chunk.packed_bytes = 60;
  chunk.pages = {{ParquetPageType::kDictionary, ParquetEncoding::kPlain, 1},
                 {ParquetPageType::kData, ParquetEncoding::kRleDictionary, 2}};
  const Thrift metadata = read(
      parquet_footer(spec, parquet_leaves(spec.columns), {{4, group}, {int64_t{1} << 40, group}}));
  EXPECT_EQ(metadata[3].number, 10);
  ASSERT_EQ(metadata[4].list.size(), 2U);
  const Thrift& second = metadata[4].list[1];
  EXPECT_EQ(second[2].number, 90);
  EXPECT_EQ(second[3].number, 5);
  EXPECT_EQ(second[5].number, int64_t{1} << 40);
  EXPECT_EQ(second[6].number, 60);
  const Thrift& column = second[1].list.at(0)[3];
  EXPECT_EQ(column[2].list.size(), 3U);
  EXPECT_EQ(column[3].list.at(0).bytes, "c");
  EXPECT_EQ(column[4].number, 6);
  EXPECT_EQ(column[9].number, (int64_t{1} << 40) + 40);
  EXPECT_EQ(column[11].number, int64_t{1} << 40);
  EXPECT_EQ(column[13].list.at(1)[3].number, 2);
  EXPECT_EQ(metadata[5].list.at(0)[1].bytes, "job");
  EXPECT_EQ(metadata[5].list.at(0)[2].bytes, "7");
}

TEST(ParquetFooter, ChunksOfLeavesHaveTheirPaths) {
  FormatSpec spec;
  spec.columns = {{"m", map_of({ColumnKind::kText}, {ColumnKind::kSingle}), 0}};
  const auto group = std::make_shared<ParquetRowGroup>();
  group->columns.resize(2);
  const Thrift metadata = read(parquet_footer(spec, parquet_leaves(spec.columns), {{4, group}}));
  EXPECT_EQ(metadata[7].list.size(), 2U);
  const std::vector<Thrift>& chunks = metadata[4].list.at(0)[1].list;
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(chunks[0][3][1].number, 6);
  EXPECT_EQ(chunks[1][3][1].number, 4);
  ASSERT_EQ(chunks[1][3][3].list.size(), 3U);
  EXPECT_EQ(chunks[1][3][3].list[1].bytes, "key_value");
  EXPECT_EQ(chunks[1][3][3].list[2].bytes, "value");
}

}  // namespace
}  // namespace sluice

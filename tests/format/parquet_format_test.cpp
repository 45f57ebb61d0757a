#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "format/column_checks.h"
#include "format/file_formats.h"
#include "support/caught.h"
#include "support/collecting_sink.h"
#include "support/nested_bytes.h"

namespace sluice {
namespace {

FormatSpec spec_of(std::vector<FileColumn> columns) {
  FormatSpec spec;
  spec.format = Format::kParquet;
  spec.columns = std::move(columns);
  return spec;
}

OneColumn integers(int64_t count) {
  OneColumn rows;
  for (int64_t i = 0; i < count; ++i) rows.integer(i);
  return rows;
}

Thrift metadata_of(std::string_view file) {
  EXPECT_EQ(file.substr(0, 4), "PAR1");
  EXPECT_EQ(file.substr(file.size() - 4), "PAR1");
  uint32_t length = 0;
  std::memcpy(&length, file.data() + file.size() - 8, sizeof length);
  std::string_view footer = file.substr(file.size() - 8 - length, length);
  return ThriftReader(footer).structure();
}

TEST(ParquetFormat, NamesAreUnique) {
  const Error error = caught([] {
    make_parquet_format(
        spec_of({{"id", {ColumnKind::kText, 0, 0}, 0}, {"id", {ColumnKind::kText, 0, 0}, 1}}));
  });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(), testing::HasSubstr("'id'"));
  EXPECT_THAT(error.hint(), testing::HasSubstr("AS"));
}

TEST(ParquetFormat, CompressionsOfWholeFilesAreRefused) {
  FormatSpec spec = spec_of({column_of(ColumnKind::kInteger)});
  spec.compression = Compression::kXz;
  EXPECT_ERROR(make_parquet_format(spec), kInvalid);
}

TEST(ParquetFormat, NoRowsNoRowGroup) {
  const auto format = make_parquet_format(spec_of({column_of(ColumnKind::kInteger)}));
  CollectingSink sink;
  const auto joiner = format->make_joiner(sink, false);
  const auto builder = format->make_builder();
  Batch empty;
  empty.reset(1);
  builder->add(empty);
  Block block = builder->take(true);
  EXPECT_EQ(block.bytes, "");
  EXPECT_EQ(block.row_group, nullptr);
  joiner->append(std::move(block));
  joiner->finish();
  EXPECT_EQ(sink.finished, 1);
  const Thrift metadata = metadata_of(sink.text);
  EXPECT_EQ(metadata[3].number, 0);
  EXPECT_TRUE(metadata[4].list.empty());
  EXPECT_EQ(metadata[2].list.size(), 2U);
}

TEST(ParquetFormat, EachBlockIsARowGroup) {
  const auto format = make_parquet_format(spec_of({column_of(ColumnKind::kInteger)}));
  CollectingSink sink;
  const auto joiner = format->make_joiner(sink, false);
  const auto builder = format->make_builder();
  for (const int64_t rows : {3, 0, 5}) {
    builder->add(integers(rows).batch);
    EXPECT_EQ(builder->rows(), static_cast<uint64_t>(rows));
    EXPECT_EQ(builder->bytes() > 0, rows > 0);
    Block block = builder->take(rows == 3);
    EXPECT_EQ(block.rows, static_cast<uint64_t>(rows));
    EXPECT_EQ(builder->rows(), 0U);
    EXPECT_EQ(builder->bytes(), 0U);
    joiner->append(std::move(block));
  }
  joiner->finish();
  const Thrift metadata = metadata_of(sink.text);
  EXPECT_EQ(metadata[3].number, 8);
  ASSERT_EQ(metadata[4].list.size(), 2U);
  const Thrift& column = metadata[4].list[1][1].list.at(0)[3];
  const auto offset = static_cast<size_t>(column[9].number);
  const auto bytes = static_cast<size_t>(column[7].number);
  const std::vector<Page> pages = read_pages(std::string_view(sink.text).substr(offset, bytes));
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_EQ(pages[0].data().substr(32), plain(int64_t{4}));
}

TEST(ParquetFormat, AFileThatIsNotFinishedIsNotFinished) {
  const auto format = make_parquet_format(spec_of({column_of(ColumnKind::kInteger)}));
  CollectingSink sink;
  {
    const auto joiner = format->make_joiner(sink, false);
    const auto builder = format->make_builder();
    builder->add(integers(3).batch);
    joiner->append(builder->take(true));
  }
  EXPECT_EQ(sink.finished, 0);
}

TEST(ParquetFormat, BuildersOnSeveralThreads) {
  FormatSpec spec = spec_of({column_of(ColumnKind::kInteger)});
  spec.compression = Compression::kGzip;
  const auto format = make_parquet_format(spec);
  std::vector<Block> blocks(4);
  {
    std::vector<std::jthread> threads;
    for (Block& block : blocks) {
      threads.emplace_back([&] {
        const auto builder = format->make_builder();
        for (int i = 0; i < 3; ++i) {
          builder->add(integers(20000).batch);
          block = builder->take(false);
        }
      });
    }
  }
  for (const Block& block : blocks) EXPECT_TRUE(block.bytes == blocks[0].bytes);
  EXPECT_GT(blocks[0].raw_bytes, blocks[0].bytes.size());
}

TEST(ParquetFormat, NestedColumnsBetweenOthers) {
  FormatSpec spec = spec_of({column_of(ColumnKind::kInteger),
                             {"list", list_of({ColumnKind::kInteger}), 1},
                             {"last", {ColumnKind::kInteger}, 2}});
  const auto format = make_parquet_format(spec);
  CollectingSink sink;
  const auto joiner = format->make_joiner(sink, false);
  const auto builder = format->make_builder();
  for (int round = 0; round < 2; ++round) {
    Batch batch;
    batch.reset(3);
    batch.add_integer(0, 1);
    batch.add_bytes(1, ValueType::kNested, NestedBytes().begin(2).integer(5).integer(6).take());
    batch.add_integer(2, 9);
    batch.end_row();
    builder->add(batch);
    EXPECT_GT(builder->bytes(), 30U);
    joiner->append(builder->take(round == 0));
    EXPECT_EQ(builder->bytes(), 0U);
  }
  joiner->finish();
  const Thrift metadata = metadata_of(sink.text);
  ASSERT_EQ(metadata[4].list.size(), 2U);
  const std::vector<Thrift>& chunks = metadata[4].list[1][1].list;
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(chunks[0][3][5].number, 1);
  EXPECT_EQ(chunks[1][3][5].number, 2);
  EXPECT_EQ(chunks[2][3][12][5].bytes, plain(int64_t{9}));
}

}  // namespace
}  // namespace sluice

#include "intake/parquet_pages.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

#include "format/thrift_writer.h"
#include "intake/made_parquet.h"
#include "support/caught.h"

namespace sluice {
namespace {

MadePage page_of(std::string body) {
  MadePage page;
  page.values = 3;
  page.body = std::move(body);
  return page;
}

/// The pages of a chunk that is all there is.
class ChunkOf {
 public:
  explicit ChunkOf(const std::string& bytes, ParquetCodec codec = ParquetCodec::kNone)
      : bytes_(range_in_memory(bytes)), reading_{*bytes_}, pages_(reading_) {
    pages_.begin({0, bytes.size(), 3, codec});
  }
  const ParquetPage& next() { return pages_.next(); }
  const ParquetReading& reading() const { return reading_; }

 private:
  std::shared_ptr<const ByteRange> bytes_;
  ParquetReading reading_;
  ParquetPages pages_;
};

Error refused(const MadePage& page, ParquetCodec codec = ParquetCodec::kNone) {
  return caught([&] { ChunkOf(made_page(page), codec).next(); });
}

TEST(ParquetPages, OneAfterTheOther) {
  MadePage dictionary = page_of("entries");
  dictionary.type = ParquetPageType::kDictionary;
  MadePage index = page_of("an index, which is passed");
  index.type = ParquetPageType::kIndex;
  MadePage large = page_of(std::string(100000, 'x'));
  large.encoding = ParquetEncoding::kRleDictionary;
  ChunkOf chunk(made_page(dictionary) + made_page(index) + made_page(large) +
                made_page(page_of("last")));
  EXPECT_EQ(chunk.next().type, ParquetPageType::kDictionary);
  const ParquetPage& page = chunk.next();
  EXPECT_EQ(page.type, ParquetPageType::kData);
  EXPECT_EQ(page.encoding, ParquetEncoding::kRleDictionary);
  EXPECT_EQ(page.values, 3U);
  EXPECT_EQ(page.body, large.body);
  EXPECT_EQ(chunk.next().body, "last");
  EXPECT_ERROR(chunk.next(), kInvalid);
}

TEST(ParquetPages, LevelsOfVersionTwoStandApartAndAreNotCompressed) {
  MadePage page = page_of("rrdddvalues");
  page.type = ParquetPageType::kDataV2;
  page.repetition_bytes = 2;
  page.definition_bytes = 3;
  page.compressed = false;
  ChunkOf chunk(made_page(page), ParquetCodec::kZstd);
  const ParquetPage& read = chunk.next();
  EXPECT_EQ(read.repetition_levels, "rr");
  EXPECT_EQ(read.definition_levels, "ddd");
  EXPECT_EQ(read.body, "values");
}

TEST(ParquetPages, ChecksumsAreCompared) {
  MadePage page = page_of("123456789");
  page.crc = 0xcbf43926;
  ChunkOf chunk(made_page(page));
  EXPECT_EQ(chunk.next().body, "123456789");
  page.crc = 0xcbf43927;
  EXPECT_NE(refused(page).message().find("checksum"), std::string::npos);
}

TEST(ParquetPages, SizesThatLie) {
  MadePage page = page_of("body");
  page.packed_size = 5;
  EXPECT_NE(refused(page).message().find("longer than its column"), std::string::npos);
  page.packed_size = -1;
  EXPECT_EQ(refused(page).code(), ErrorCode::kInvalid);
  page = page_of("body");
  page.raw_size = 5;
  EXPECT_EQ(refused(page).code(), ErrorCode::kInvalid);
  EXPECT_EQ(refused(page, ParquetCodec::kSnappy).code(), ErrorCode::kInvalid);
  page.raw_size = 2147483647;
  EXPECT_EQ(refused(page).code(), ErrorCode::kTooLarge);
  page = page_of("body");
  page.values = -1;
  EXPECT_EQ(refused(page).code(), ErrorCode::kInvalid);
  page.values = 2147483647;
  EXPECT_EQ(refused(page).code(), ErrorCode::kTooLarge);
}

TEST(ParquetPages, LevelsLongerThanTheirPage) {
  MadePage page = page_of("body");
  page.type = ParquetPageType::kDataV2;
  page.definition_bytes = 5;
  EXPECT_EQ(refused(page).code(), ErrorCode::kInvalid);
  page.definition_bytes = 2147483647;
  page.repetition_bytes = 2147483647;
  EXPECT_EQ(refused(page).code(), ErrorCode::kInvalid);
  page.definition_bytes = -1;
  EXPECT_EQ(refused(page).code(), ErrorCode::kInvalid);
}

TEST(ParquetPages, AHeaderWithLongStatisticsIsRead) {
  std::string bytes;
  ThriftWriter writer(bytes);
  writer.begin_struct();
  writer.int32(1, 0);
  writer.int32(2, 4);
  writer.int32(3, 4);
  writer.begin_struct(5);
  writer.int32(1, 3);
  writer.int32(2, 0);
  writer.int32(3, 3);
  writer.int32(4, 3);
  writer.begin_struct(5);
  writer.binary(1, std::string(70000, 'z'));
  writer.end_struct();
  writer.end_struct();
  writer.end_struct();
  ChunkOf chunk(bytes + "body");
  EXPECT_EQ(chunk.next().body, "body");
  const Error error = caught([&] { ChunkOf(bytes.substr(0, 60000)).next(); });
  EXPECT_NE(error.message().find("header of a page can't be read"), std::string::npos);
}

TEST(ParquetPages, WhatAllColumnsHoldHasALimit) {
  ChunkOf chunk(made_page(page_of(std::string(50000, 'x'))));
  chunk.next();
  EXPECT_GT(chunk.reading().held, 50000U);
  EXPECT_LT(chunk.reading().held, 80000U);
  const auto bytes = range_in_memory("");
  ParquetReading reading{*bytes};
  reading.hold(0, kParquetHeldBytes);
  reading.hold(kParquetHeldBytes, 100);
  EXPECT_ERROR(reading.hold(0, kParquetHeldBytes), kTooLarge);
}

}  // namespace
}  // namespace sluice

#include "format/parquet_page.h"

#include <gtest/gtest.h>

#include "format/codec_checksum.h"
#include "format/parquet_reader.h"

namespace sluice {
namespace {

TEST(ParquetPage, ADictionaryAndDataPages) {
  ParquetPageWriter writer(Compression::kNone, {});
  std::string out = "rows before";
  ParquetLevels rows({});
  for (int i = 0; i < 10; ++i) rows.add_value();
  for (int i = 0; i < 3; ++i) {
    rows.add_value();
    rows.add_null();
  }

  writer.begin(out);
  writer.write_dictionary(3, "entries");
  writer.begin_data(rows, 0, 10) += "first";
  writer.end_data(ParquetEncoding::kRleDictionary);
  writer.begin_data(rows, 10, 6) += "second";
  writer.end_data(ParquetEncoding::kPlain);
  const ParquetColumnChunk chunk = writer.end();

  EXPECT_EQ(chunk.dictionary_offset, 11U);
  EXPECT_EQ(chunk.packed_bytes, out.size() - 11);
  EXPECT_EQ(chunk.raw_bytes, chunk.packed_bytes);
  EXPECT_EQ(chunk.values, 16);
  ASSERT_EQ(chunk.pages.size(), 3U);
  EXPECT_EQ(chunk.pages[1].encoding, ParquetEncoding::kRleDictionary);
  EXPECT_EQ(chunk.pages[1].pages, 1);

  const std::vector<Page> pages = read_pages(std::string_view(out).substr(11));
  ASSERT_EQ(pages.size(), 3U);
  EXPECT_TRUE(pages[0].dictionary());
  EXPECT_EQ(pages[0].values(), 3);
  EXPECT_EQ(pages[0].body, "entries");
  EXPECT_EQ(pages[1].values(), 10);
  EXPECT_EQ(pages[1].levels(), std::vector<uint32_t>(10, 1));
  EXPECT_EQ(pages[1].data(), "first");
  EXPECT_EQ(pages[1].encoding(), 8);
  EXPECT_EQ(pages[2].levels(), (std::vector<uint32_t>{1, 0, 1, 0, 1, 0}));
  EXPECT_EQ(pages[2].data(), "second");
  EXPECT_EQ(pages[2].encoding(), 0);
  EXPECT_EQ(out.substr(chunk.data_offset + 0, 1), "\x15");
}

TEST(ParquetPage, TheChecksumIsThatOfTheBytesInTheFile) {
  for (const Compression compression : {Compression::kNone, Compression::kGzip}) {
    ParquetPageWriter writer(compression, {});
    std::string out;
    writer.begin(out);
    ParquetLevels rows({});
    for (int i = 0; i < 1000; ++i) rows.add_value();
    writer.begin_data(rows, 0, 1000).append(8000, 'x');
    writer.end_data(ParquetEncoding::kPlain);
    const ParquetColumnChunk chunk = writer.end();
    const Page page = read_pages(out).at(0);
    EXPECT_EQ(static_cast<uint32_t>(page.header[4].number), crc32_of(page.body));
    EXPECT_EQ(page.header[2].number, 8000 + 4 + 3);
    EXPECT_EQ(compression == Compression::kNone, page.body.size() == 8007U);
    EXPECT_EQ(chunk.raw_bytes - chunk.packed_bytes, 8007 - page.body.size());
  }
}

}  // namespace
}  // namespace sluice

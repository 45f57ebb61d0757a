#include "domain/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sluice {
namespace {

TEST(Format, SpellingsOfClients) {
  for (const char* text : {"csv", "CSV", " Csv "}) EXPECT_EQ(parse_format(text), Format::kCsv);
  for (const char* text : {"ndjson", "NDJSON", "json", "jsonl", "JSONL"}) {
    EXPECT_EQ(parse_format(text), Format::kNdjson);
  }
  for (const char* text : {"none", "None", ""}) {
    EXPECT_EQ(parse_compression(text), Compression::kNone);
  }
  for (const char* text : {"gz", "gzip", "GZ"}) {
    EXPECT_EQ(parse_compression(text), Compression::kGzip);
  }
}

TEST(Format, RefusalsListWhatThereIs) {
  try {
    parse_format("xlsx");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), testing::HasSubstr("csv, ndjson"));
  }
  EXPECT_THROW(parse_compression("rar"), Error);
}

TEST(Format, NamesAndExtensions) {
  EXPECT_EQ(format_name(Format::kNdjson), "ndjson");
  EXPECT_EQ(compression_name(Compression::kGzip), "gz");
  EXPECT_EQ(file_extension(Format::kCsv, Compression::kNone), ".csv");
  EXPECT_EQ(file_extension(Format::kNdjson, Compression::kGzip), ".ndjson.gz");
  EXPECT_EQ(content_type(Format::kCsv, Compression::kGzip), "application/gzip");
}

}  // namespace
}  // namespace sluice

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "base/error.h"
#include "base/limits.h"
#include "format/encoder.h"
#include "support/collecting_sink.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::vector<ColumnInfo> columns(std::initializer_list<const char*> names) {
  std::vector<ColumnInfo> out;
  for (const char* name : names) out.push_back({name, ""});
  return out;
}

/// One text value in a file of two columns, without the header: what stands before the comma.
std::string field(std::string_view text) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"a", "b"}), sink);
  Batch batch;
  batch.reset(2);
  batch.add_text(0, text);
  batch.add_null(1);
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_TRUE(sink.text.starts_with("a,b\n") && sink.text.ends_with(",\n"));
  return sink.text.substr(4, sink.text.size() - 6);
}

TEST(Csv, ValuesOfEveryType) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"i", "r", "t", "b", "n"}), sink);
  Batch batch;
  batch.reset(5);
  batch.add_integer(0, std::numeric_limits<int64_t>::min());
  batch.add_real(1, 5);
  batch.add_text(2, "word");
  batch.add_blob(3, std::string_view("\0\xff\x10", 3));
  batch.add_null(4);
  batch.end_row();
  batch.add_integer(0, 0);
  batch.add_real(1, -std::numeric_limits<double>::infinity());
  batch.add_text(2, "");
  batch.add_blob(3, "");
  batch.add_null(4);
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text,
            "i,r,t,b,n\n"
            "-9223372036854775808,5.0,word,AP8Q,\n"
            "0,-Inf,\"\",\"\",\n");
  EXPECT_EQ(sink.finished, 1);
}

TEST(Csv, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(field("plain text; with 'signs' | and\ttabs"), "plain text; with 'signs' | and\ttabs");
  EXPECT_EQ(field(" spaces "), " spaces ");
  EXPECT_EQ(field("a,b"), "\"a,b\"");
  EXPECT_EQ(field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(field("\""), "\"\"\"\"");
  EXPECT_EQ(field("line\nbreak"), "\"line\nbreak\"");
  EXPECT_EQ(field("line\rbreak"), "\"line\rbreak\"");
  EXPECT_EQ(field(""), "\"\"");
  EXPECT_EQ(field("NULL"), "NULL");
  EXPECT_EQ(field("Größe 漢字 🚀"), "Größe 漢字 🚀");
}

TEST(Csv, SpecialBytesAreFoundAtEveryPlace) {
  for (size_t length = 1; length <= 40; ++length) {
    for (size_t place = 0; place < length; ++place) {
      for (char special : {',', '"', '\n', '\r'}) {
        std::string text(length, 'x');
        text[place] = special;
        const std::string out = field(text);
        ASSERT_EQ(out.front(), '"') << length << " " << place;
        ASSERT_EQ(out.size(), length + 2 + (special == '"' ? 1 : 0));
      }
      std::string text(length, 'x');
      text[place] = '\x80';
      ASSERT_THROW(field(text), Error) << length << " " << place;
    }
    ASSERT_EQ(field(std::string(length, '~')), std::string(length, '~'));
  }
}

TEST(Csv, HeaderAlone) {
  CollectingSink sink;
  make_encoder(Format::kCsv, columns({"a", "b,c", "", "a"}), sink)->finish();
  EXPECT_EQ(sink.text, "a,\"b,c\",\"\",a\n");
}

TEST(Csv, ALoneNullStaysARow) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"a"}), sink);
  Batch batch;
  batch.reset(1);
  batch.add_null(0);
  batch.end_row();
  batch.add_text(0, "x");
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text, "a\n\"\"\nx\n");
}

TEST(Csv, ChosenRowsInTheirOrder) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"a"}), sink);
  Batch batch;
  batch.reset(1);
  for (int64_t i = 0; i < 5; ++i) {
    batch.add_integer(0, i);
    batch.end_row();
  }
  encoder->add(batch, std::array<uint32_t, 3>{1, 4, 2});
  encoder->add(batch, {});
  batch.clear();
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text, "a\n1\n4\n2\n");
}

TEST(Csv, InvalidTextNamesColumnAndRow) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"id", "note"}), sink);
  Batch batch;
  batch.reset(2);
  for (const char* text : {"fine", "caf\xe9"}) {
    batch.add_integer(0, 1);
    batch.add_text(1, text);
    batch.end_row();
  }
  try {
    encoder->add(batch);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), HasSubstr("'note'"));
    EXPECT_THAT(error.what(), HasSubstr("row 2"));
  }
  EXPECT_EQ(sink.finished, 0);
}

TEST(Csv, LongValuesPassWhole) {
  for (size_t size : {limits::kEncodeBufferBytes - 3, limits::kEncodeBufferBytes - 2,
                      limits::kEncodeBufferBytes, 3 * limits::kEncodeBufferBytes + 7}) {
    const std::string plain(size, 'p');
    EXPECT_EQ(field(plain), plain);
    const std::string quotes(size, '"');
    EXPECT_EQ(field(quotes).size(), 2 * size + 2);
  }
}

TEST(Csv, WritesInLargePieces) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"a", "b"}), sink);
  Batch batch;
  batch.reset(2);
  std::string expected = "a,b\n";
  for (int64_t i = 0; i < 20000; ++i) {
    batch.add_integer(0, i);
    batch.add_text(1, "some words");
    batch.end_row();
    expected += std::to_string(i) + ",some words\n";
  }
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text, expected);
  EXPECT_LE(static_cast<size_t>(sink.writes), expected.size() / 32000 + 2);
}

}  // namespace
}  // namespace sluice

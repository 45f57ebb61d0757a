#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "base/error.h"
#include "format/file_encoder.h"
#include "support/collecting_sink.h"
#include "support/nested_bytes.h"

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
  for (size_t size : {size_t{32768} - 3, size_t{32768} - 2, size_t{32768}, 3 * size_t{32768} + 7}) {
    const std::string plain(size, 'p');
    EXPECT_EQ(field(plain), plain);
    const std::string quotes(size, '"');
    EXPECT_EQ(field(quotes).size(), 2 * size + 2);
  }
}

Batch two_rows() {
  Batch batch;
  batch.reset(2);
  batch.add_text(0, "a,b");
  batch.add_null(1);
  batch.end_row();
  batch.add_text(0, "=1+1");
  batch.add_text(1, "x|y");
  batch.end_row();
  return batch;
}

std::string encoded(const Batch& batch, const FileOptions& options) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kCsv, columns({"id", "note"}), sink, options);
  encoder->add(batch);
  encoder->finish();
  return sink.text;
}

TEST(Csv, OptionsChangeWhatTheySay) {
  FileOptions options;
  options.csv_delimiter = '|';
  EXPECT_EQ(encoded(two_rows(), options), "id|note\na,b|\n=1+1|\"x|y\"\n");
  options = {};
  options.csv_header = false;
  EXPECT_EQ(encoded(two_rows(), options), "\"a,b\",\n=1+1,x|y\n");
  options = {};
  options.csv_crlf = true;
  EXPECT_EQ(encoded(two_rows(), options), "id,note\r\n\"a,b\",\r\n=1+1,x|y\r\n");
  options = {};
  options.csv_escape_formulas = true;
  EXPECT_EQ(encoded(two_rows(), options), "id,note\n\"a,b\",\n\"'=1+1\",x|y\n");
}

TEST(Csv, TheTextOfNullIsQuotedWhereItIsNoNull) {
  FileOptions options;
  options.csv_null = "NULL";
  Batch batch;
  batch.reset(2);
  batch.add_null(0);
  batch.add_text(1, "NULL");
  batch.end_row();
  batch.add_text(0, "");
  batch.add_blob(1, "\x35\x42\xcb");  // Its base64 is "NULL".
  batch.end_row();
  EXPECT_EQ(encoded(batch, options), "id,note\nNULL,\"NULL\"\n,\"NULL\"\n");
}

TEST(Csv, ALaterPieceOfAFileBeginsWithTheHeader) {
  const auto format = make_file_format(spec_of(Format::kCsv, columns({"id", "note"})));
  const auto builder = format->make_builder();
  CollectingSink sink;
  const auto joiner = format->make_joiner(sink, true);
  builder->add(two_rows());
  joiner->append(builder->take(false));
  joiner->finish();
  EXPECT_EQ(sink.text, "id,note\n\"a,b\",\n=1+1,x|y\n");
}

TEST(Csv, ABuilderIsUsedAgain) {
  const auto format = make_file_format(spec_of(Format::kCsv, columns({"id", "note"})));
  const auto builder = format->make_builder();
  EXPECT_EQ(builder->bytes(), 0U);
  builder->add(two_rows());
  EXPECT_EQ(builder->rows(), 2U);
  const Block first = builder->take(true);
  EXPECT_EQ(first.rows, 2U);
  EXPECT_EQ(first.raw_bytes, first.bytes.size());
  EXPECT_EQ(builder->rows(), 0U);
  EXPECT_EQ(builder->bytes(), 0U);
  builder->add(two_rows());
  EXPECT_EQ(builder->take(false).bytes, first.bytes.substr(8));
}

TEST(Csv, ValuesOfAnEngineWithTypedColumns) {
  CollectingSink sink;
  FileOptions options;
  options.csv_header = false;
  const auto encoder = make_encoder(Format::kCsv, EngineRows::columns(), sink, options);
  encoder->add(EngineRows::batch());
  encoder->finish();
  EXPECT_EQ(sink.text,
            "true,0.1,2024-02-29,1969-12-31 23:59:59.999Z,-12.50,\"[\"\"a\\\"\"b\"\",null]\","
            "\"{\"\"a\"\":7,\"\"b\"\":{\"\"1970-01-01\"\":false}}\"\n"
            ",,,,,,\n");
}

TEST(Csv, WordsThatReadAsSomethingElseAreQuoted) {
  CollectingSink sink;
  FileOptions options;
  options.csv_header = false;
  options.csv_delimiter = ':';
  options.csv_null = "false";
  const auto encoder = make_encoder(Format::kCsv, columns({"a", "b"}), sink, options);
  Batch batch;
  batch.reset(2);
  batch.add_cell(0, timestamp_cell(0, 0));
  batch.add_cell(1, cell_of(ValueType::kBoolean, 0));
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text, "\"1970-01-01 00:00:00\":\"false\"\n");
}

TEST(Csv, NestedTextThatIsNotUtf8IsRefused) {
  CollectingSink sink;
  const auto encoder = make_encoder(Format::kCsv, {{"a", "", list_of({ColumnKind::kText})}}, sink);
  Batch batch;
  batch.reset(1);
  batch.add_bytes(0, ValueType::kNested, NestedBytes().begin(1).text("\xff").take());
  batch.end_row();
  EXPECT_THROW(encoder->add(batch), Error);
}

}  // namespace
}  // namespace sluice

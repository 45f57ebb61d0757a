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

std::vector<ColumnInfo> columns(std::initializer_list<const char*> names) {
  std::vector<ColumnInfo> out;
  for (const char* name : names) out.push_back({name, ""});
  return out;
}

/// What one text value becomes, with its quotes.
std::string value(std::string_view text) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kNdjson, columns({"a"}), sink);
  Batch batch;
  batch.reset(1);
  batch.add_text(0, text);
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_TRUE(sink.text.starts_with("{\"a\":") && sink.text.ends_with("}\n"));
  return sink.text.substr(5, sink.text.size() - 7);
}

TEST(Ndjson, ValuesOfEveryType) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kNdjson, columns({"i", "r", "t", "b", "n"}), sink);
  Batch batch;
  batch.reset(5);
  batch.add_integer(0, std::numeric_limits<int64_t>::max());
  batch.add_real(1, 5);
  batch.add_text(2, "word");
  batch.add_blob(3, std::string_view("\0\xff\x10", 3));
  batch.add_null(4);
  batch.end_row();
  batch.add_integer(0, -1);
  batch.add_real(1, -std::numeric_limits<double>::infinity());
  batch.add_text(2, "");
  batch.add_blob(3, "");
  batch.add_real(4, std::numeric_limits<double>::infinity());
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text,
            "{\"i\":9223372036854775807,\"r\":5.0,\"t\":\"word\",\"b\":\"AP8Q\",\"n\":null}\n"
            "{\"i\":-1,\"r\":\"-Infinity\",\"t\":\"\",\"b\":\"\",\"n\":\"Infinity\"}\n");
  EXPECT_EQ(sink.finished, 1);
}

TEST(Ndjson, EscapesWhatJsonCanNotHold) {
  EXPECT_EQ(value("plain, 'text'/ü漢🚀\x7f"), "\"plain, 'text'/ü漢🚀\x7f\"");
  EXPECT_EQ(value("\"\\"), "\"\\\"\\\\\"");
  EXPECT_EQ(value("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
  EXPECT_EQ(value(std::string_view("\0\x01\x1f", 3)), "\"\\u0000\\u0001\\u001f\"");
}

TEST(Ndjson, SpecialBytesAreFoundAtEveryPlace) {
  for (size_t length = 1; length <= 40; ++length) {
    for (size_t place = 0; place < length; ++place) {
      for (char special : {'"', '\\', '\n', '\0', '\x1f'}) {
        std::string text(length, 'x');
        text[place] = special;
        ASSERT_GT(value(text).size(), length + 2) << length << " " << place;
      }
      std::string text(length, ' ');
      ASSERT_EQ(value(text).size(), length + 2);
      text[place] = '\xc3';
      ASSERT_THROW(value(text), Error) << length << " " << place;
    }
  }
}

TEST(Ndjson, KeysAreEscapedAndUnique) {
  CollectingSink sink;
  auto encoder = make_encoder(Format::kNdjson, columns({"a\"b", "count(*)\n"}), sink);
  Batch batch;
  batch.reset(2);
  batch.add_integer(0, 1);
  batch.add_integer(1, 2);
  batch.end_row();
  encoder->add(batch, std::array<uint32_t, 1>{0});
  encoder->finish();
  EXPECT_EQ(sink.text, "{\"a\\\"b\":1,\"count(*)\\n\":2}\n");

  try {
    make_encoder(Format::kNdjson, columns({"id", "b", "id"}), sink);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(), testing::HasSubstr("'id'"));
    EXPECT_THAT(error.hint(), testing::HasSubstr("AS"));
  }
}

TEST(Ndjson, BigIntegersAsTextOnDemand) {
  FileOptions options;
  options.big_integers_as_text = true;
  CollectingSink sink;
  auto encoder = make_encoder(Format::kNdjson, columns({"a", "b", "c"}), sink, options);
  Batch batch;
  batch.reset(3);
  batch.add_integer(0, 9007199254740992);
  batch.add_integer(1, 9007199254740993);
  batch.add_integer(2, -9007199254740993);
  batch.end_row();
  encoder->add(batch);
  encoder->finish();
  EXPECT_EQ(sink.text,
            "{\"a\":9007199254740992,\"b\":\"9007199254740993\",\"c\":\"-9007199254740993\"}\n");
}

TEST(Ndjson, NoRowsNoBytes) {
  CollectingSink sink;
  make_encoder(Format::kNdjson, columns({"a"}), sink)->finish();
  EXPECT_EQ(sink.text, "");
  EXPECT_EQ(sink.finished, 1);
}

TEST(Ndjson, LongValuesPassWhole) {
  for (size_t size : {size_t{4096}, size_t{4097}, size_t{32768}, 3 * size_t{32768} + 7}) {
    EXPECT_EQ(value(std::string(size, 'p')).size(), size + 2);
    EXPECT_EQ(value(std::string(size, '\x01')).size(), 6 * size + 2);
  }
}

TEST(Ndjson, ValuesOfAnEngineWithTypedColumns) {
  CollectingSink sink;
  FileOptions options;
  const auto encoder = make_encoder(Format::kNdjson, EngineRows::columns(), sink, options);
  encoder->add(EngineRows::batch());
  encoder->finish();
  EXPECT_EQ(
      sink.text,
      "{\"flag\":true,\"single\":0.1,\"day\":\"2024-02-29\",\"at\":\"1969-12-31 23:59:59.999Z\","
      "\"price\":-12.50,\"tags\":[\"a\\\"b\",null],\"pair\":{\"a\":7,\"b\":{\"1970-01-01\":false}}}"
      "\n"
      "{\"flag\":null,\"single\":null,\"day\":null,\"at\":null,\"price\":null,\"tags\":null,"
      "\"pair\":null}\n");
}

TEST(Ndjson, NestedTextThatIsNotUtf8IsRefused) {
  CollectingSink sink;
  const auto encoder =
      make_encoder(Format::kNdjson, {{"a", "", list_of({ColumnKind::kText})}}, sink);
  Batch batch;
  batch.reset(1);
  batch.add_bytes(0, ValueType::kNested, NestedBytes().begin(1).text("\xff").take());
  batch.end_row();
  EXPECT_THROW(encoder->add(batch), Error);
}

}  // namespace
}  // namespace sluice

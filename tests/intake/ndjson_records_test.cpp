#include "intake/ndjson_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"
#include "support/intake_rows.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ReadRows read(std::string text, const std::string& schema) {
  return read_all(*make_ndjson_records(range_in_memory(std::move(text)), parse_schema(schema)));
}

TEST(NdjsonRecords, ValuesAsTheirColumnsWantThem) {
  const std::string schema =
      "i Int64, r Float64, s String, d Decimal(20,5), b Bool, j JSON, t DateTime";
  EXPECT_THAT(
      read(R"({"i":1,"r":2,"s":"x","d":1.50,"b":true,"j":{"k":[1]},"t":1795422600})", schema).rows,
      ElementsAre(RowTexts{"1", "2", "'x'", "'1.50'", "1", R"('{"k":[1]}')", "1795422600"}));
  EXPECT_THAT(
      read(R"({"i":1.0,"r":2.5e0,"s":1.50,"d":"1","b":0,"j":"x","t":1795422600.5})", schema).rows,
      ElementsAre(RowTexts{"'1.0'", "2.5", "'1.50'", "'1'", "0", "'\"x\"'", "1795422600.5"}));
  EXPECT_THAT(
      read(R"({"i":9223372036854775808,"r":1e999,"s":[1, 2],"d":1e400,"b":"yes","j":null})", schema)
          .rows,
      ElementsAre(RowTexts{"'9223372036854775808'", "'1e999'", "'[1, 2]'", "'1e400'", "'yes'",
                           "NULL", "NULL"}));
  EXPECT_THAT(read(R"({"s":false,"j":true,"i":true,"r":18446744073709551615})", schema).rows,
              ElementsAre(RowTexts{"1", "1.8446744073709552e+19", "'false'", "NULL", "NULL",
                                   "'true'", "NULL"}));
}

TEST(NdjsonRecords, PathsListsAndTheWholeRow) {
  EXPECT_THAT(
      read(R"( {"a":{"b":{"c":5},"x":"y"},"tags":["p","q"],"items":[{"n":1},{"n":2}]} )",
           "c Int8 `json:$.a.b.c`, b JSON `json:$.a.b`, tags Array(String) `json:$.tags[:]`, "
           "n Array(Int8) `json:$.items[:].n`, row String `json:$`, none Int8 `json:$.a.q.r`")
          .rows,
      ElementsAre(RowTexts{
          "5", R"('{"c":5}')", R"('["p","q"]')", "'[1,2]'",
          R"('{"a":{"b":{"c":5},"x":"y"},"tags":["p","q"],"items":[{"n":1},{"n":2}]}')", "NULL"}));
  EXPECT_THAT(read("{\"a\":5}\n{\"a\":null}\n{\"a\":[]}", "c Int8 `json:$.a.b`").rows,
              ElementsAre(RowTexts{"NULL"}, RowTexts{"NULL"}, RowTexts{"NULL"}));
}

TEST(NdjsonRecords, EscapesAndKeys) {
  EXPECT_THAT(
      read(R"({"\u0061":"\ud83d\ude00\n\"","b":"last","b":"counts"})", "a String, b String").rows,
      ElementsAre(RowTexts{"'\xf0\x9f\x98\x80\n\"'", "'counts'"}));
  EXPECT_THAT(read(R"({"a b":1,"":2})", "x Int8 `json:$.['a b']`, y Int8 `json:$.['']`").rows,
              ElementsAre(RowTexts{"1", "2"}));
}

TEST(NdjsonRecords, LinesBetweenRows) {
  const auto source = make_ndjson_records(
      range_in_memory("\xef\xbb\xbf\n{\"a\":1}\r\n  \r\n{\"a\":2}  \n\n{\"a\":3}"),
      parse_schema("a Int8"));
  Batch batch;
  std::vector<RejectedRow> rejected;
  ASSERT_TRUE(source->next(batch, rejected));
  ASSERT_EQ(batch.rows(), 3U);
  EXPECT_EQ(source->line_of(0), 2U);
  EXPECT_EQ(source->line_of(1), 4U);
  EXPECT_EQ(source->line_of(2), 6U);
  EXPECT_EQ(source->text_of(0), "{\"a\":1}");
  EXPECT_EQ(source->text_of(2), "{\"a\":3}");
  EXPECT_FALSE(source->next(batch, rejected));
  EXPECT_TRUE(rejected.empty());
  EXPECT_TRUE(read("\n \n\r\n", "a Int8").rows.empty());
}

TEST(NdjsonRecords, BrokenLinesAreRejectedWithTheirColumn) {
  const ReadRows rows = read(
      "{\"a\":1}\n{\"a\":1\n{\"a\" 1}\n[{\"a\":1},{\"a\":2}]\n5\n{\"a\":1},\n{\"a\":\"\\ud800\"}\n"
      "{\"a\":nul}\n{\"a\":{\"b\":}}\n{\"a\":01}\n{\"a\":2}\n",
      "a String, x Int8 `json:$.q.x`");
  EXPECT_EQ(rows.rows.size(), 2U);
  EXPECT_THAT(
      rows.faults(),
      ElementsAre(
          "2: The JSON ends inside of an object, in column 7.",
          "3: The JSON has no ':' behind a key, in column 6.",
          "4: The line is a JSON array; write its objects one a line, without commas between "
          "them.",
          "5: The line is no JSON object; write one object a line.",
          "6: The JSON has something behind the object, in column 8.",
          "7: The JSON has half of a surrogate pair, in column 14.",
          "8: The JSON has a word that is not true, false or null, in column 6.",
          "9: The JSON has no value where one has to be, in column 11.",
          "10: The JSON has a number that begins with 0, in column 8."));
  EXPECT_EQ(rows.rejected[0].text, "{\"a\":1");
}

TEST(NdjsonRecords, NestingIsBounded) {
  const std::string deep(10'000, '[');
  const ReadRows rows = read("{\"a\":" + deep + "}\n{\"q\":" + deep + "}\n{\"a\":1}\n", "a String");
  EXPECT_EQ(rows.rows.size(), 1U);
  EXPECT_THAT(rows.faults(),
              ElementsAre(HasSubstr("nested too deep"), HasSubstr("nested too deep")));
}

TEST(NdjsonRecords, BatchesAreBounded) {
  std::string text;
  for (size_t i = 0; i < 2 * limits::kBatchRows + 1; ++i)
    text += "{\"a\":" + std::to_string(i) + "}\n";
  for (size_t i = 0; i < 3 * limits::kBatchRows; ++i) text += "x\n";
  const auto source = make_ndjson_records(range_in_memory(text), parse_schema("a Int64"));
  Batch batch;
  size_t rows = 0;
  size_t faults = 0;
  std::vector<RejectedRow> rejected;
  while (source->next(batch, rejected)) {
    EXPECT_LE(batch.rows() + rejected.size(), limits::kBatchRows);
    for (size_t row = 0; row < batch.rows(); ++row) {
      EXPECT_EQ(batch.at(0, row).integer, static_cast<int64_t>(rows + row));
    }
    rows += batch.rows();
    faults += rejected.size();
    rejected.clear();
  }
  EXPECT_EQ(rows, 2 * limits::kBatchRows + 1);
  EXPECT_EQ(faults, 3 * limits::kBatchRows);
}

TEST(NdjsonRecords, WhatColumnsTakeIsBounded) {
  std::string schema = "a String";
  for (int i = 0; i < 100; ++i) schema += ", c" + std::to_string(i) + " String `json:$.a`";
  const std::string text = std::string(limits::kRowBytes / 2, 'x');
  const ReadRows rows = read("{\"a\":\"" + text + "\"}\n{\"a\":[\"" + text + "\"]}\n", schema);
  EXPECT_THAT(rows.faults(), ElementsAre(HasSubstr("wanted by too many columns at once"),
                                         HasSubstr("wanted by too many columns at once")));
}

TEST(NdjsonRecords, LinesAreBounded) {
  const std::string head = "{\"a\":1}\n{\"a\":\"";
  const Error error =
      caught([&] { read(head + std::string(limits::kRowBytes, 'x') + "\"}", "a String"); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_THAT(error.message(), HasSubstr("Line 2"));
  EXPECT_EQ(read(head + std::string(limits::kRowBytes - 20, 'x') + "\"}\n", "a String").rows.size(),
            2U);
}

}  // namespace
}  // namespace sluice

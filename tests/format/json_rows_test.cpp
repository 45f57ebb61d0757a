#include "format/json_rows.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

const std::vector<FileColumn> kColumns = {{"a", {}, 0}, {"b\"", {}, 1}};

std::string text_of(const JsonRules& rules) {
  Batch batch;
  batch.reset(2);
  batch.add_integer(0, 1);
  batch.add_text(1, "x\n\"y\"");
  batch.end_row();
  batch.add_integer(0, (int64_t{1} << 53) + 1);
  batch.add_null(1);
  batch.end_row();
  JsonRows rows(rules);
  for (size_t row = 0; row < batch.rows(); ++row) rows.put_row(batch, row);
  return std::string(rows.writer().text());
}

TEST(JsonRows, Objects) {
  EXPECT_EQ(text_of(json_objects(kColumns, "}\n", JsonIntegers::kNumbers, "JSON")),
            "{\"a\":1,\"b\\\"\":\"x\\n\\\"y\\\"\"}\n{\"a\":9007199254740993,\"b\\\"\":null}\n");
}

TEST(JsonRows, Lists) {
  EXPECT_EQ(text_of(json_lists(kColumns, "],", JsonIntegers::kNumbers)),
            "[1,\"x\\n\\\"y\\\"\"],[9007199254740993,null],");
}

TEST(JsonRows, IntegersAsText) {
  EXPECT_EQ(text_of(json_lists(kColumns, "],", JsonIntegers::kBigAsText)),
            "[1,\"x\\n\\\"y\\\"\"],[\"9007199254740993\",null],");
  EXPECT_EQ(text_of(json_lists(kColumns, "],", JsonIntegers::kText)),
            "[\"1\",\"x\\n\\\"y\\\"\"],[\"9007199254740993\",null],");
}

TEST(JsonRows, ObjectsNeedDifferentNames) {
  EXPECT_ERROR(json_objects({{"a", {}, 0}, {"a", {}, 1}}, "}\n", JsonIntegers::kNumbers, "JSON"),
               kInvalid);
  EXPECT_EQ(json_lists({{"a", {}, 0}, {"a", {}, 1}}, "]", JsonIntegers::kNumbers).leads.size(), 2U);
}

TEST(JsonRows, TextThatIsNotUtf8IsRefused) {
  Batch batch;
  batch.reset(1);
  batch.add_text(0, "\xff");
  batch.end_row();
  const JsonRules rules = json_lists({{"a", {}, 0}}, "]", JsonIntegers::kNumbers);
  JsonRows rows(rules);
  EXPECT_ERROR(rows.put_row(batch, 0), kInvalid);
}

}  // namespace
}  // namespace sluice

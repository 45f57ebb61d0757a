#include "intake/infer_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"
#include "support/intake_rows.h"
#include "support/packed_bytes.h"

namespace sluice {
namespace {

using testing::HasSubstr;

std::string schema_of(std::string text, RowFormat format, CsvDialect dialect = {}) {
  return schema_text(infer_text_columns({range_in_memory(std::move(text)), format, dialect}));
}
std::string of_json(std::string text) { return schema_of(std::move(text), RowFormat::kNdjson); }
std::string of_csv(std::string text, CsvDialect dialect = {}) {
  return schema_of(std::move(text), RowFormat::kCsv, dialect);
}

TEST(InferColumns, Ndjson) {
  EXPECT_EQ(
      of_json("{\"id\":1,\"user\":{\"name\":\"x\",\"age\":3.5}}\n"
              "{\"id\":2,\"tags\":[\"a\"],\"user\":{\"name\":null}}\n"),
      "`id` Int64 `json:$.id`, `user_name` Nullable(String) `json:$.user.name`, "
      "`user_age` Nullable(Float64) `json:$.user.age`, `tags` Array(String) `json:$.tags[:]`");
  EXPECT_EQ(of_json("{\"at\":\"2026-11-23T08:30:00.5Z\",\"ok\":true,\"more\":{}}"),
            "`at` DateTime64(3) `json:$.at`, `ok` Bool `json:$.ok`, `more` JSON `json:$.more`");
}

TEST(InferColumns, NamesOfKeys) {
  EXPECT_EQ(of_json(R"({"a b":1,"a-b":2,"2x":3,"rowid":4,"A_B":5})"),
            "`a_b` Int64 `json:$.['a b']`, `a_b_2` Int64 `json:$.a-b`, `_2x` Int64 `json:$.2x`, "
            "`rowid_` Int64 `json:$.rowid`, `A_B_3` Int64 `json:$.A_B`");
}

TEST(InferColumns, BrokenLinesAreLeftOut) {
  EXPECT_EQ(of_json("broken\n{\"a\":1}\n[\n"), "`a` Int64 `json:$.a`");
  const Error error = caught([] { of_json("\n{\"a\":1\n[1]\n"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.message(),
              HasSubstr("line 2: The JSON ends inside of an object, in column 7."));
  EXPECT_THAT(caught([] { of_json(" \n"); }).message(), HasSubstr("no rows"));
  EXPECT_THAT(caught([] { of_csv(""); }).message(), HasSubstr("no rows"));
}

TEST(InferColumns, CsvWithAHeader) {
  EXPECT_EQ(of_csv("id,Full Name,at,note\n1,x,2026-11-23,\n2,y,2026-11-24,z\n"),
            "`id` Int64, `Full_Name` String, `at` Date, `note` Nullable(String)");
  EXPECT_EQ(of_csv("id;x\r\n", {';'}), "`id` Nullable(String), `x` Nullable(String)");
}

TEST(InferColumns, CsvWithoutAHeader) {
  EXPECT_EQ(of_csv("1,x\n2.5,y\n"), "`column_1` Float64, `column_2` String");
  EXPECT_EQ(of_csv("a,1\nb,2\n"), "`column_1` String, `column_2` Int64");
  CsvDialect no{',', CsvDialect::Header::kNo};
  EXPECT_EQ(of_csv("id,name\n", no), "`column_1` String, `column_2` String");
  CsvDialect yes{',', CsvDialect::Header::kYes};
  EXPECT_EQ(of_csv("1,2\n3,4\n", yes), "`_1` Int64, `_2` Int64");
}

TEST(InferColumns, OnlyTheFirstRowsAreRead) {
  const std::string row = "{\"a\":1}\n";
  const auto bytes = std::make_shared<RepeatedRange>("{\"a\":2.5}\n", row, uint64_t{1} << 40U);
  EXPECT_EQ(schema_text(infer_text_columns({bytes, RowFormat::kNdjson})), "`a` Float64 `json:$.a`");
  const auto csv = std::make_shared<RepeatedRange>("a,b\n", "1,x\n", uint64_t{1} << 40U);
  EXPECT_EQ(schema_text(infer_text_columns({csv, RowFormat::kCsv})), "`a` Int64, `b` String");
}

TEST(InferColumns, LongRowsAndPackedOnes) {
  const std::string text =
      "{\"a\":\"" + std::string(3 * limits::kBatchBytes, 'x') + "\",\"b\":1}\n";
  EXPECT_EQ(of_json(text), "`a` String `json:$.a`, `b` Int64 `json:$.b`");
  EXPECT_EQ(of_json(gzip_bytes("{\"a\":1}")), "`a` Int64 `json:$.a`");
  EXPECT_EQ(of_csv(zstd_bytes("a\n1\n")), "`a` Int64");
}

TEST(InferColumns, TooManyColumns) {
  std::string row = "{";
  for (size_t i = 0; i <= limits::kColumns; ++i) {
    row += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  }
  EXPECT_THAT(caught([&] { of_json(row + "}"); }).message(),
              HasSubstr(std::to_string(limits::kColumns)));
}

}  // namespace
}  // namespace sluice

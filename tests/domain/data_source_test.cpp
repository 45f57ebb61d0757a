#include "domain/data_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(Schema, NamesTypesPathsAndDefaults) {
  const auto columns = parse_schema(
      "`id` UInt32 `json:$.id`, name Nullable(String),\n"
      "  \"at\" DateTime64(3,'UTC') `json:$.meta.at` DEFAULT now(),"
      "price Decimal(10, 2) DEFAULT 1.5 CODEC(ZSTD(1)), tags Array(String) `json:$.tags[:]`, "
      "kind LowCardinality(String) DEFAULT 'a, ''b''' `json:$.['the kind']`,");
  ASSERT_EQ(columns.size(), 6U);
  EXPECT_EQ(columns[0].name, "id");
  EXPECT_EQ(columns[0].kind, DataKind::kInteger);
  EXPECT_EQ(columns[0].bits, 32);
  EXPECT_TRUE(columns[0].is_unsigned);
  EXPECT_EQ(columns[0].json_path, "$.id");
  EXPECT_TRUE(columns[1].nullable);
  EXPECT_EQ(columns[1].json_path, "");
  EXPECT_FALSE(columns[1].fallback.has_value());
  EXPECT_EQ(columns[2].fallback, "now()");
  EXPECT_EQ(columns[2].scale, 3);
  EXPECT_EQ(columns[3].fallback, "1.5");
  EXPECT_EQ(columns[3].precision, 10);
  EXPECT_EQ(columns[4].kind, DataKind::kJson);
  EXPECT_EQ(columns[5].fallback, "'a, ''b'''");
  EXPECT_EQ(columns[5].json_path, "$.['the kind']");
}

TEST(Schema, TextReadsBack) {
  const std::string text =
      "`id` UInt32 `json:$.a.id`, `at` DateTime64(3, 'UTC') DEFAULT now(), `x` Nullable(String), "
      "`e` Enum8('a, b' = 1, 'it\\'s' = 2) DEFAULT 'it''s'";
  EXPECT_EQ(schema_text(parse_schema(text)), text);
  EXPECT_EQ(schema_text(parse_schema(schema_text(parse_schema(text)))), text);
}

TEST(Schema, BackquotesInPathsAreWrittenTwice) {
  const auto columns = parse_schema("a Int8 `json:$.['``x``']` DEFAULT 1");
  EXPECT_EQ(columns[0].json_path, "$.['`x`']");
  EXPECT_EQ(schema_text(columns), "`a` Int8 `json:$.['``x``']` DEFAULT 1");
}

TEST(Schema, NullBehindTheType) {
  const auto columns = parse_schema("a Int8 NULL, b Int8 NOT NULL, c Nullable(Int8) NULL");
  EXPECT_EQ(columns[0].type, "Nullable(Int8)");
  EXPECT_EQ(columns[1].type, "Int8");
  EXPECT_EQ(columns[2].type, "Nullable(Int8)");
}

TEST(Schema, ErrorsNameTheColumn) {
  const Error unknown = caught([] { parse_schema("a Int8, b Sting"); });
  EXPECT_EQ(unknown.code(), ErrorCode::kInvalid);
  EXPECT_THAT(unknown.message(), HasSubstr("Column 'b'"));
  EXPECT_THAT(unknown.hint(), HasSubstr("String"));
  EXPECT_THAT(caught([] { parse_schema("a Int8, A String"); }).message(), HasSubstr("twice"));
  EXPECT_THAT(caught([] { parse_schema("a Int8 `json:x`"); }).message(), HasSubstr("Column 'a'"));
  EXPECT_THAT(caught([] { parse_schema("a Int8 MATERIALIZED b"); }).message(),
              HasSubstr("MATERIALIZED"));
}

TEST(Schema, WhatCantBeRead) {
  for (const char* wrong :
       {"", "  ", ",", "a", "a,", "1a Int8", "`a b` Int8", "`a Int8", "a Int8 b String",
        "rowid Int8", "a Int8 DEFAULT", "a Int8 DEFAULT (1", "a Int8 DEFAULT 'x", "a Int8 `$.a`",
        "a Int8; b Int8", "`a` Int8 `json:$.a", "_ROWID_ Int8"}) {
    EXPECT_ERROR(parse_schema(wrong), kInvalid) << wrong;
  }
}

TEST(Schema, TooManyColumns) {
  std::string text;
  for (size_t i = 0; i < limits::kColumns; ++i) text += "c" + std::to_string(i) + " Int8,";
  EXPECT_EQ(parse_schema(text).size(), limits::kColumns);
  EXPECT_THAT(caught([&] { parse_schema(text + "more Int8"); }).message(),
              HasSubstr(std::to_string(limits::kColumns)));
}

TEST(Schema, SettledTypesNameTheirColumn) {
  DataColumn column;
  column.name = "x";
  column.type = "nullable( decimal(20, 4) )";
  settle_type(column);
  EXPECT_EQ(column.type, "Nullable(Decimal(20, 4))");
  EXPECT_EQ(column.kind, DataKind::kDecimal);
  EXPECT_TRUE(column.nullable);
  EXPECT_EQ(column.scale, 4);
  column.type = "Decimal(99)";
  EXPECT_THAT(caught([&] { settle_type(column); }).message(), HasSubstr("Column 'x'"));
}

TEST(Schema, StoredTypes) {
  auto stored = [](const char* type) {
    return stored_type(parse_schema(std::string("a ") + type).front());
  };
  EXPECT_EQ(stored("UInt8"), "INTEGER");
  EXPECT_EQ(stored("Float32"), "REAL");
  EXPECT_EQ(stored("Nullable(UUID)"), "TEXT");
  EXPECT_EQ(stored("Array(Int8)"), "TEXT");
  EXPECT_EQ(stored("Bool"), "BOOLEAN");
  EXPECT_EQ(stored("Date32"), "DATE");
  EXPECT_EQ(stored("DateTime64(6)"), "DATETIME");
  EXPECT_EQ(stored("Decimal(15, 2)"), "DECIMAL(15,2)");
  EXPECT_EQ(stored("Decimal(38, 10)"), "DECIMAL BLOB(38,10)");
}

}  // namespace
}  // namespace sluice

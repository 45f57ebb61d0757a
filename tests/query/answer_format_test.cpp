#include "query/answer_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

TEST(AnswerFormat, NamesInAnyCase) {
  EXPECT_EQ(parse_answer_format("json"), AnswerFormat::kJson);
  EXPECT_EQ(parse_answer_format("JSONEachRow"), AnswerFormat::kNdjson);
  EXPECT_EQ(parse_answer_format("csvwithnames"), AnswerFormat::kCsvWithNames);
  EXPECT_EQ(parse_answer_format("TabSeparated"), AnswerFormat::kTsv);
  EXPECT_THAT(caught([] { parse_answer_format("Avro"); }).what(),
              AllOf(HasSubstr("'Avro'"), HasSubstr("JSONCompact"), HasSubstr("Parquet")));
}

TEST(AnswerFormat, EndingsOfEndpoints) {
  EXPECT_EQ(answer_format_of("csv"), AnswerFormat::kCsvWithNames);
  EXPECT_EQ(answer_format_of("parquet"), AnswerFormat::kParquet);
  EXPECT_EQ(answer_format_of("CSV"), std::nullopt);
  EXPECT_EQ(answer_format_of("pipe"), std::nullopt);
}

TEST(AnswerFormat, TheClauseAtTheEndOfAStatement) {
  for (const char* sql :
       {"SELECT 1 FORMAT CSV", "SELECT 1 format csv;", "SELECT 1\nFORMAT\tCSV -- FORMAT JSON",
        "SELECT 1 /* x */ FORMAT /* y */ CSV ; ;", "SELECT ')' FORMAT CSV",
        "SELECT a FROM t WHERE b = 'x' FORMAT CSV"}) {
    const FormattedStatement found = split_format(sql);
    EXPECT_EQ(found.format, AnswerFormat::kCsv) << sql;
    EXPECT_EQ(found.sql.find("CSV"), std::string::npos) << found.sql;
    EXPECT_THAT(found.sql, testing::StartsWith("SELECT")) << sql;
  }
}

TEST(AnswerFormat, WhatIsNoClauseStays) {
  for (const char* sql : {"SELECT 'a FORMAT CSV'", "SELECT 1 -- FORMAT CSV",
                          "SELECT 1 /* FORMAT CSV", "SELECT 1", "SELECT * FROM format csv",
                          "SELECT * FROM a JOIN format csv", "SELECT * FROM a, format csv",
                          "SELECT 1 AS format", "SELECT 1 format", "SELECT x.format csv FROM x",
                          "SELECT 1 FORMAT 'CSV'", "SELECT 1 \"FORMAT\" CSV", "FORMAT CSV", ""}) {
    const FormattedStatement found = split_format(sql);
    EXPECT_EQ(found.format, std::nullopt) << sql;
    EXPECT_EQ(found.sql, sql);
  }
  EXPECT_ERROR(split_format("SELECT 1 FORMAT Avro"), kInvalid);
}

TEST(AnswerFormat, MediaTypes) {
  EXPECT_EQ(answer_content_type(AnswerFormat::kJson), "application/json");
  EXPECT_EQ(answer_content_type(AnswerFormat::kNdjson), "application/x-ndjson");
  EXPECT_THAT(answer_content_type(AnswerFormat::kCsv), HasSubstr("text/csv"));
}

}  // namespace
}  // namespace sluice

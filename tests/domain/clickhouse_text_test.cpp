#include "domain/clickhouse_text.h"

#include <gtest/gtest.h>

#include "domain/sql_template.h"
#include "support/caught.h"

namespace sluice {
namespace {

TEST(ClickhouseTextTest, TheEndIsTakenOff) {
  EXPECT_EQ(clickhouse_body("SELECT 1 ; -- done\n ;"), "SELECT 1");
  EXPECT_EQ(clickhouse_body("SELECT 1 # done"), "SELECT 1");
  EXPECT_EQ(clickhouse_body("SELECT 1 /* done"), "SELECT 1");
  EXPECT_EQ(clickhouse_body("-- first\nSELECT ';' , 'it\\';' "), "-- first\nSELECT ';' , 'it\\';'");
  EXPECT_EQ(clickhouse_body("SELECT 1; SELECT 2;"), "SELECT 1; SELECT 2");
  EXPECT_EQ(clickhouse_body(" ; "), "");
}

TEST(ClickhouseTextTest, TheFirstWordStandsBehindComments) {
  EXPECT_EQ(first_clickhouse_word(" /* a */ -- b\n # c\n SeLECT 1").lower, "select");
  EXPECT_EQ(first_clickhouse_word("(SELECT 1)").lower, "(");
  EXPECT_EQ(first_clickhouse_word("WITH x").end, 4U);
  EXPECT_EQ(first_clickhouse_word(" -- only").lower, "");
}

TEST(ClickhouseTextTest, QuotesAndBackslashesAreEscaped) {
  EXPECT_EQ(quote_clickhouse_text("it's \\ `a`"), "'it\\'s \\\\ `a`'");
  EXPECT_EQ(quote_clickhouse_identifier("a`b\\c"), "`a\\`b\\\\c`");
}

std::string rendered(const std::string& text, const RunVariables& parameters) {
  return SqlTemplate::parse(text).render(parameters, SqlDialect::kClickhouse);
}

TEST(ClickhouseTextTest, ValuesOfTemplatesCannotEndTheirQuotes) {
  EXPECT_EQ(rendered("% SELECT {{String(x)}}", {{"x", "a\\"}}), " SELECT 'a\\\\'");
  EXPECT_EQ(rendered("% SELECT {{String(x)}}", {{"x", "\\' OR 1 --"}}), " SELECT '\\\\'' OR 1 --'");
  EXPECT_EQ(rendered("% SELECT {{column(x)}}", {{"x", "a\\`b"}}), " SELECT `a\\\\``b`");
  EXPECT_EQ(rendered("% SELECT [1, {{Int32(x)}}]", {{"x", "5"}}), " SELECT [1, 5 ]");
}

TEST(ClickhouseTextTest, ValuesInsideOfQuotesAreRefused) {
  for (const char* text : {"% SELECT 'a\\'{{String(x)}}'", "% SELECT \"{{String(x)}}\"",
                           "% SELECT `a\\`{{String(x)}}`", "% SELECT $a${{String(x)}}$a$"}) {
    EXPECT_EQ(caught([&] { rendered(text, {{"x", "v"}}); }).code(), ErrorCode::kInvalid) << text;
  }
  EXPECT_EQ(rendered("% SELECT 'a\\\\'{{String(x)}}", {{"x", "v"}}), " SELECT 'a\\\\' 'v'");
  EXPECT_EQ(rendered("% SELECT 1 # {{String(x)}}\n, '$'", {{"x", "v"}}), " SELECT 1 # \n, '$'");
}

}  // namespace
}  // namespace sluice

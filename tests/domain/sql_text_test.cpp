#include "domain/sql_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::ElementsAre;

TEST(SqlText, TheEndGoes) {
  for (const char* sql :
       {"SELECT 1", "SELECT 1;", "SELECT 1 ; ;\n", "SELECT 1 -- x", "SELECT 1 -- x\n; -- y",
        "SELECT 1 /* x", "SELECT 1 /* a */ -- b", "SELECT 1\t\f\r\n"}) {
    EXPECT_EQ(strip_statement_end(sql), "SELECT 1") << sql;
  }
  EXPECT_EQ(strip_statement_end("; /* x */ ;SELECT 1;"), "SELECT 1");
  EXPECT_EQ(strip_statement_end("/* x */ SELECT 1"), "/* x */ SELECT 1");
  EXPECT_EQ(strip_statement_end(" ; ; "), "");
  EXPECT_EQ(strip_statement_end(""), "");
  EXPECT_EQ(strip_statement_end(" -- only a comment"), "");
}

TEST(SqlText, WhatOnlyLooksLikeAnEndStays) {
  for (const char* sql : {"SELECT '-- x'", "SELECT ';'", "SELECT \"a--b\"", "SELECT [/*]",
                          "SELECT `;`", "SELECT 'it''s -- so'", "SELECT 1 /* x */ + 2",
                          "SELECT 1 -- x\n+ 2", "SELECT 1; SELECT 2"}) {
    EXPECT_EQ(strip_statement_end(sql), sql);
  }
}

TEST(SqlText, WordsAreNamesInAnyQuotes) {
  EXPECT_THAT(words_in("SELECT a.b, \"c d\", [e], `f`, 'g' FROM x.y -- z\n, /* w */ v"),
              ElementsAre("SELECT", "a", "b", "c d", "e", "f", "FROM", "x", "y", "v"));
}

TEST(SqlText, WordsComeOnceAndWithTheirCase) {
  EXPECT_THAT(words_in("a A a \"A\""), ElementsAre("a", "A"));
}

TEST(SqlText, DoubledQuotesStandForThemselves) {
  EXPECT_THAT(words_in(R"("a""b" `c``d` [e]]f)"), ElementsAre("a\"b", "c`d", "e", "f"));
  EXPECT_THAT(words_in("'it''s' x"), ElementsAre("x"));
}

TEST(SqlText, LettersBeyondAscii) {
  EXPECT_THAT(words_in("SELECT größe FROM t$1"), ElementsAre("SELECT", "größe", "FROM", "t$1"));
}

TEST(SqlText, UnfinishedQuotesEndWithTheText) {
  EXPECT_THAT(words_in("SELECT 'abc"), ElementsAre("SELECT"));
  EXPECT_EQ(words_in("\"").size(), 1U);
}

TEST(SqlText, QuotedIdentifiers) {
  EXPECT_EQ(quote_identifier("a b"), "\"a b\"");
  EXPECT_EQ(quote_identifier("a\"; DROP"), "\"a\"\"; DROP\"");
}

}  // namespace
}  // namespace sluice

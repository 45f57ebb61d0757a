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

std::string tables(std::string_view sql) {
  std::string all;
  for (const TableName& name : tables_in(sql)) {
    all += (all.empty() ? "" : " ") + (name.file.empty() ? "" : name.file + ".") + name.table;
  }
  return all;
}

TEST(SqlText, TablesStandBehindFromAndJoin) {
  EXPECT_EQ(tables("SELECT a FROM t"), "t");
  EXPECT_EQ(tables("SELECT * FROM nyc.flights AS f, \"b c\" d JOIN [e] USING (x, y), g"),
            "nyc.flights b c e g");
  EXPECT_EQ(tables("SELECT 1"), "");
  EXPECT_EQ(tables("select * from A left outer join B on f(A.x, B.x) = 1 where c in (1, d)"),
            "A B");
  EXPECT_EQ(tables("SELECT * FROM (a JOIN b), (SELECT x, y FROM c), d ORDER BY e, f"), "a b c d");
  EXPECT_EQ(tables("SELECT x, (SELECT max(y) FROM b) FROM a WHERE z IN (SELECT z FROM c) LIMIT 1"),
            "b a c");
  EXPECT_EQ(tables("SELECT 1 FROM a UNION ALL SELECT 2 FROM b, a"), "a b");
}

TEST(SqlText, WhatOnlyLooksLikeATable) {
  EXPECT_EQ(tables("WITH a AS (SELECT * FROM t), b(x, y) AS NOT MATERIALIZED (SELECT 1, 2 FROM a)"
                   " SELECT * FROM A JOIN b JOIN u"),
            "t u");
  EXPECT_EQ(tables("WITH RECURSIVE n(i) AS (VALUES (1) UNION SELECT i + 1 FROM n) SELECT i FROM n"),
            "");
  EXPECT_EQ(tables("SELECT a IS NOT DISTINCT FROM b FROM t"), "t");
  EXPECT_EQ(tables("SELECT value FROM json_each('[1]'), t"), "t");
  EXPECT_EQ(tables("SELECT 'FROM x' FROM t -- FROM y\n"), "t");
  for (const char* broken : {"", "SELECT FROM", ")))", "FROM (", "WITH a (", "JOIN x."}) {
    EXPECT_NO_THROW(tables_in(broken)) << broken;
  }
}

TEST(SqlText, CallsStandBeforeABracket) {
  EXPECT_EQ(calls_in("SELECT Now(), \"to Date\" (x), 'no('(1), a.b /* c( */ (2), d -- e(\n FROM f"),
            (std::vector<std::string>{"b", "now", "to date"}));
  EXPECT_EQ(calls_in("SELECT a REGEXP b, count(*)"), (std::vector<std::string>{"count", "regexp"}));
  EXPECT_TRUE(calls_in("").empty());
}

TEST(SqlText, ParametersAreJoined) {
  const auto joined = [](std::string_view sql) {
    return join_parameters(sql, [](std::string_view name) { return name == "q"; });
  };
  EXPECT_EQ(joined("SELECT q(0.9)(x), r(1)(2)"), "SELECT q(0.9, x), r(1)(2)");
  EXPECT_EQ(joined("SELECT Q((1), f(2)) -- )\n (q(3)(g(4)))"),
            "SELECT Q((1), f(2), -- )\n  q(3, g(4)))");
  EXPECT_EQ(joined("SELECT q()(x), q(x)"), "SELECT q(  x), q(x)");
  EXPECT_EQ(joined("SELECT q(1)(2)(3)"), "SELECT q(1, 2)(3)");
  EXPECT_EQ(joined("SELECT 'q(1)(2)', ) q(1"), "SELECT 'q(1)(2)', ) q(1");
}

TEST(SqlText, QuotedIdentifiers) {
  EXPECT_EQ(quote_identifier("a b"), "\"a b\"");
  EXPECT_EQ(quote_identifier("a\"; DROP"), "\"a\"\"; DROP\"");
}

}  // namespace
}  // namespace sluice

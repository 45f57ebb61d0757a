#include "domain/sql_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts_of(std::string_view sql) {
  std::vector<std::string> texts;
  for (const PlacedSqlToken& placed : sql_tokens_of(sql)) {
    EXPECT_EQ(sql.substr(placed.at, placed.token.text.size()), placed.token.text);
    texts.emplace_back(placed.token.text);
  }
  return texts;
}

TEST(SqlTokens, SpacesAndCommentsAreLeftOut) {
  EXPECT_THAT(texts_of("SELECT a -- x\n/* y */ FROM\tb /* z"),
              ElementsAre("SELECT", "a", "FROM", "b"));
}

TEST(SqlTokens, QuotesAreDoubledToStandForThemselves) {
  EXPECT_THAT(texts_of(R"('it''s' "a""b" `c``d` [e] 'open)"),
              ElementsAre("'it''s'", R"("a""b")", "`c``d`", "[e]", "'open"));
}

TEST(SqlTokens, TheFirstToken) {
  EXPECT_EQ(first_sql_token("--a\nb").text, "--a\n");
  EXPECT_EQ(first_sql_token("--a").kind, SqlTokenKind::kComment);
  EXPECT_EQ(first_sql_token("a1$ b").text, "a1$");
  EXPECT_EQ(first_sql_token("'x' y").kind, SqlTokenKind::kString);
  EXPECT_EQ(first_sql_token("12").text, "1");
}

TEST(SqlTokens, NamesInAnyQuotes) {
  for (const char* text : {"Orders", "\"Orders\"", "`Orders`", "[Orders]"}) {
    const SqlToken token = first_sql_token(text);
    EXPECT_TRUE(is_name(token)) << text;
    EXPECT_EQ(as_written(token), "Orders") << text;
    EXPECT_EQ(name_of(token), "orders") << text;
  }
  EXPECT_FALSE(is_name(first_sql_token("'Orders'")));
  EXPECT_EQ(as_written(first_sql_token("\"a\"\"b\"")), "a\"b");
}

}  // namespace
}  // namespace sluice

#include "domain/json_literal.h"

#include <gtest/gtest.h>

#include "base/json_reader.h"

namespace sluice {
namespace {

TEST(JsonLiteral, ListsAsClickHousePrintsThem) {
  EXPECT_EQ(json_of_literal("['a','b']"), R"(["a","b"])");
  EXPECT_EQ(json_of_literal("[1,2.5,NULL]"), "[1,2.5,NULL]");
  EXPECT_EQ(json_of_literal("{'k':[('x',1)]}"), R"({"k":[["x",1]]})");
  EXPECT_EQ(json_of_literal(R"(['it\'s','say "x"','a''b','l\n'])"),
            R"(["it's","say \"x\"","a'b","l\u000a"])");
  EXPECT_FALSE(is_json(json_of_literal("['a")));
}

TEST(JsonLiteral, TextsOfSql) {
  EXPECT_EQ(sql_text_value("'it''s'"), "it's");
  EXPECT_EQ(sql_text_value("'it\\'s'"), "it's");
  EXPECT_EQ(sql_text_value("''"), "");
  for (const char* wrong : {"", "x", "'", "'a", "'a'b'", "'a' ", "1"}) {
    EXPECT_EQ(sql_text_value(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace sluice

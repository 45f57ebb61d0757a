// What callers give for the parameters of templates, judged by SQLite itself: whatever it is, the
// statement compiles to the same program, and the value comes out as it was put in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <random>

#include "base/error.h"
#include "domain/sql_template.h"

namespace sluice {
namespace {

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Closer>;
using Statement = std::unique_ptr<sqlite3_stmt, Closer>;

Database make_database() {
  sqlite3* made = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &made), SQLITE_OK);
  Database out(made);
  EXPECT_EQ(sqlite3_exec(made,
                         "CREATE TABLE t(a TEXT, b INTEGER, c REAL); CREATE TABLE secret(s);"
                         "INSERT INTO t VALUES('x', 1, 2.5), ('y', 2, 3.5);",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  return out;
}

/// The statement's instructions without their operands; a sentence where it is no one statement.
std::string shape(sqlite3* database, const std::string& sql) {
  const char* tail = nullptr;
  sqlite3_stmt* made = nullptr;
  const std::string explained = "EXPLAIN " + sql;
  if (sqlite3_prepare_v2(database, explained.c_str(), -1, &made, &tail) != SQLITE_OK) {
    return std::string("error: ") + sqlite3_errmsg(database);
  }
  const Statement statement(made);
  if (*tail != 0) return "more behind the statement";
  std::string out;
  while (sqlite3_step(made) == SQLITE_ROW) {
    const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(made, 1));
    // A whole number loads with another instruction where it is large; that is no other shape.
    out += (name == "Int64" ? "Integer" : name) + " ";
  }
  return out;
}

std::string first_value(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database, sql.c_str(), -1, &made, nullptr), SQLITE_OK) << sql;
  const Statement statement(made);
  EXPECT_EQ(sqlite3_step(made), SQLITE_ROW) << sql;
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(made, 0));
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(made, 0))};
}

using Random = std::mt19937;

size_t below(Random& random, size_t end) {
  return std::uniform_int_distribution<size_t>(0, end - 1)(random);
}

/// Whatever has ended a literal somewhere, in any order.
std::string nasty_text(Random& random) {
  static const std::vector<std::string> kPieces = {"'",
                                                   "''",
                                                   "\"",
                                                   "`",
                                                   "[",
                                                   "]",
                                                   "--",
                                                   "/*",
                                                   "*/",
                                                   ";",
                                                   "\n",
                                                   "\\",
                                                   "\\'",
                                                   ")",
                                                   "(",
                                                   ",",
                                                   " OR 1=1",
                                                   " UNION SELECT s FROM secret",
                                                   "{{",
                                                   "}}",
                                                   "{%",
                                                   "%}",
                                                   "{{error('x')}}",
                                                   "x",
                                                   "1",
                                                   "%",
                                                   "?",
                                                   ":a",
                                                   "\xc2\xa0",
                                                   "\xca\xbc",
                                                   "\xef\xbc\x87",
                                                   "NULL",
                                                   "0x",
                                                   "e5",
                                                   "-",
                                                   "+",
                                                   " "};
  std::string out;
  const size_t count = below(random, 8);
  for (size_t i = 0; i < count; ++i) out += kPieces[below(random, kPieces.size())];
  return out;
}

std::string nasty_number(Random& random) {
  static const std::vector<std::string> kNumbers = {"0",
                                                    "1",
                                                    "-1",
                                                    "2147483647",
                                                    "-2147483648",
                                                    "1e5",
                                                    "--1",
                                                    "1;",
                                                    "1 OR 1=1",
                                                    "(1)",
                                                    "0x1",
                                                    "",
                                                    " 7 ",
                                                    "1)",
                                                    "-",
                                                    "+5",
                                                    "9223372036854775807",
                                                    "-9223372036854775808",
                                                    "1.5",
                                                    "nan",
                                                    "inf"};
  return below(random, 4) == 0 ? nasty_text(random) : kNumbers[below(random, kNumbers.size())];
}

const std::vector<std::string> kStatements = {
    "SELECT a FROM t WHERE a = {{String(x)}}",
    "SELECT a FROM t WHERE a={{x}}AND b>{{Int32(n)}}",
    "SELECT {{String(x)}}{{String(y)}} FROM t",
    "SELECT a, -{{Int64(n)}} FROM t WHERE b<{{Int64(n)}}-- {{String(x)}}\n ORDER BY a",
    "SELECT a FROM t /* {{String(x)}} */ WHERE c < {{Float64(n)}}",
    "SELECT a FROM t WHERE {{sql_and(a=String(x), b__gte=Int64(n))}}",
    "SELECT a FROM t WHERE a LIKE '%' || {{String(x)}} || '%' AND b < {{UInt8(n)}}",
    "{% if x == 'x' %}SELECT 1{% else %}SELECT 1{% end %} FROM t WHERE a < {{String(y)}}",
    "{% set z = x + y %}SELECT a FROM t WHERE a > {{z}}",
};

TEST(SqlTemplateFuzzTest, NoValueChangesTheStatement) {
  const Database database = make_database();
  Random random(20261124);
  size_t run = 0;
  size_t refused = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string& text = kStatements[below(random, kStatements.size())];
    const SqlTemplate statement = SqlTemplate::parse("%" + text);
    const std::string wanted =
        shape(database.get(), statement.render({{"x", "a"}, {"y", "b"}, {"n", "5"}}));
    ASSERT_EQ(wanted.find("error"), std::string::npos) << wanted << " of " << text;
    const RunVariables values = {
        {"x", nasty_text(random)}, {"y", nasty_text(random)}, {"n", nasty_number(random)}};
    std::string sql;
    try {
      sql = statement.render(values);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalid) << error.what();
      ++refused;
      continue;
    }
    ++run;
    const std::string got = shape(database.get(), sql);
    // A negative number is computed from a positive one.
    if (values.at("n").find('-') == std::string::npos) {
      ASSERT_EQ(got, wanted) << sql;
    } else {
      ASSERT_EQ(got.find("error"), std::string::npos) << got << " of " << sql;
      ASSERT_EQ(got.find("more behind"), std::string::npos) << sql;
    }
  }
  EXPECT_GT(run, 1000U) << refused << " were refused";
}

TEST(SqlTemplateFuzzTest, TextsComeOutAsTheyWerePutIn) {
  const Database database = make_database();
  const SqlTemplate statement = SqlTemplate::parse("%SELECT {{String(x)}}");
  Random random(7);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = nasty_text(random);
    ASSERT_EQ(first_value(database.get(), statement.render({{"x", text}})), text);
  }
}

TEST(SqlTemplateFuzzTest, NamesAreNamesOrRefused) {
  const Database database = make_database();
  const SqlTemplate statement = SqlTemplate::parse("%SELECT {{column(x)}} FROM t");
  Random random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string sql;
    try {
      sql = statement.render({{"x", nasty_text(random) + "q"}});
    } catch (const Error&) {
      continue;
    }
    // There is no such column: whatever else SQLite said would be another statement.
    EXPECT_THAT(shape(database.get(), sql), testing::StartsWith("error: no such column")) << sql;
  }
}

TEST(SqlTemplateFuzzTest, AnyTextIsATemplateOrRefused) {
  static const std::vector<std::string> kPieces = {
      "{{",   "}}",    "{%",   "%}",    "{#",     "#}",      "if ",     "for ",    "in ",   "end",
      "else", "elif ", "set ", "a",     "b",      "=",       "==",      "(",       ")",     "[",
      "]",    "{",     "}",    ",",     ":",      ".",       "'",       "\"",      "1",     "-",
      "+",    "not ",  "and ", "Int32", "String", "defined", "columns", "sql_and", "range", " ",
      "\n",   "\\",    "\xff", "break", "a__in=", "'x'",     "split",   "None"};
  Random random(13);
  size_t rendered = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text = "%";
    const size_t count = 1 + below(random, 14);
    for (size_t k = 0; k < count; ++k) text += kPieces[below(random, kPieces.size())];
    try {
      const SqlTemplate statement = SqlTemplate::parse(text);
      statement.parameters();
      statement.render_sample({});
      statement.render({{"a", "x"}, {"b", "5"}});
      ++rendered;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalid) << text;
    }
  }
  EXPECT_GT(rendered, 1000U);
}

}  // namespace
}  // namespace sluice

// What callers give for the parameters of templates, judged by SQLite itself: whatever it is, the
// statement compiles to the same program, reads the same columns and calls the same functions, and
// the value comes out as it was put in. SLUICE_FUZZ=1000000 makes so many executions of each test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "base/error.h"
#include "domain/sql_template.h"
#include "engine/nasty_values.h"
#include "support/executions.h"

namespace sluice {
namespace {

using testing::AnyOf;
using testing::StartsWith;

struct Closer {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Closer>;

const std::set<std::string> kLoads = {"Int64", "Integer", "Null", "Real", "String8"};

/// What a statement is to SQLite.
struct Shape {
  std::string program;  ///< Its instructions but those that load constants.
  /// Columns that are read and functions that are called.
  std::set<std::string> touched;
  std::string error;  ///< Where it is no one statement; then the rest is empty.
  bool operator==(const Shape&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  out << shape.error << "\n" << shape.program << "\n";
  for (const std::string& one : shape.touched) out << one << " ";
  return out;
}

class Judge {
 public:
  Judge() {
    sqlite3* made = nullptr;
    EXPECT_EQ(sqlite3_open(":memory:", &made), SQLITE_OK);
    database_.reset(made);
    EXPECT_EQ(sqlite3_exec(made,
                           "CREATE TABLE t(a TEXT, b INTEGER, c REAL); CREATE TABLE secret(s);"
                           "INSERT INTO t VALUES('x', 1, 2.5), ('y', 2, 3.5);",
                           nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_create_function(
        made, "tb_secret", -1, SQLITE_UTF8, nullptr,
        [](sqlite3_context* context, int, sqlite3_value**) {
          sqlite3_result_text(context, "hidden", -1, SQLITE_STATIC);
        },
        nullptr, nullptr);
    sqlite3_set_authorizer(made, &Judge::note, this);
  }

  Shape shape(const std::string& sql) {
    Shape out;
    touched_.clear();
    const char* tail = nullptr;
    sqlite3_stmt* made = nullptr;
    const std::string explained = "EXPLAIN " + sql;
    if (sqlite3_prepare_v2(database_.get(), explained.c_str(), -1, &made, &tail) != SQLITE_OK) {
      out.error = sqlite3_errmsg(database_.get());
      return out;
    }
    const Statement statement(made);
    if (*tail != 0) {
      out.error = "more behind the statement";
      return out;
    }
    while (sqlite3_step(made) == SQLITE_ROW) {
      const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(made, 1));
      // Constants are loaded once, however often they stand there, and large numbers by another
      // instruction.
      if (kLoads.contains(name)) continue;
      out.program += name + " ";
      if (name == "ResultRow") {
        out.program += "of " + std::to_string(sqlite3_column_int(made, 3)) + " ";
      }
    }
    out.touched = std::move(touched_);
    return out;
  }

  std::string first_value(const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &made, nullptr), SQLITE_OK)
        << sql;
    const Statement statement(made);
    EXPECT_EQ(sqlite3_step(made), SQLITE_ROW) << sql;
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(made, 0));
    return {bytes, static_cast<size_t>(sqlite3_column_bytes(made, 0))};
  }

 private:
  static int note(void* self, int action, const char* first, const char* second, const char*,
                  const char*) {
    const auto text = [](const char* part) { return std::string(part == nullptr ? "" : part); };
    if (action != SQLITE_SELECT) {
      static_cast<Judge*>(self)->touched_.insert(std::to_string(action) + ":" + text(first) + "." +
                                                 text(second));
    }
    return SQLITE_OK;
  }

  std::unique_ptr<sqlite3, Closer> database_;
  std::set<std::string> touched_;
};

/// Every place where a value can stand, but for those of a name. `l` is a list, `j` JSON, `n` and
/// `o` are numbers.
const std::vector<std::string> kPositions = {
    "SELECT a FROM t WHERE a = {{String(x)}}",
    "SELECT a FROM t WHERE a={{x}}AND b>{{Int32(n)}}",
    "SELECT {{String(x)}}{{String(y)}} FROM t",
    "SELECT a, -{{Int64(n)}} FROM t WHERE b<{{Int64(n)}}-- {{String(x)}}\n ORDER BY a",
    "SELECT a FROM t /* {{String(x)}} */ WHERE c < {{Float64(n)}}",
    "SELECT a FROM t /* {{x}}{{column(y, 'a')}} */-- {{Array(l)}}",
    "SELECT a FROM t WHERE {{sql_and(a=String(x), b__gte=Int64(n))}}",
    "SELECT a FROM t WHERE {{sql_and(a=x, c__lt=y)}}",
    "SELECT a FROM t WHERE a LIKE '%' || {{String(x)}} || '%' AND b < {{UInt8(n)}}",
    "SELECT a FROM t WHERE a LIKE {{x}} ESCAPE '\\' OR a GLOB {{y}}",
    "{% if x == 'x' %}SELECT 1{% else %}SELECT 1{% end %} FROM t WHERE a < {{String(y)}}",
    "{% set z = x + y %}SELECT a FROM t WHERE a > {{z}}",
    "SELECT a FROM t WHERE a IN {{Array(l)}}",
    "SELECT a FROM t WHERE a NOT IN{{Array(l, 'String')}}ORDER BY 1",
    "SELECT a FROM t WHERE a IN {{split_to_array(l, 'b')}}",
    "SELECT a FROM t WHERE {{sql_and(a__in=Array(l), a__not_in=Array(l))}}",
    "SELECT 1 FROM t WHERE 0{% for last, i in enumerate_with_last(split_to_array(l, '')) %} OR a = "
    "{{i}}{% end %}",
    "SELECT a FROM t WHERE a = {{JSON(j)['v']}} AND c < {{JSON(j).get('w', 'x')}}",
    "SELECT [a], \"a\", `a`, 'it''s' || {{x}} FROM t",
    "SELECT a AS {{y if False else symbol('q')}} FROM t WHERE b = {{Int8(n, 1)}}",
    "SELECT CASE {{x}} WHEN {{y}} THEN {{Boolean(o, 1)}} ELSE {{Int32(n)}} END FROM t",
    "WITH w AS (SELECT {{x}} AS v) SELECT v FROM w UNION SELECT {{y}} FROM t GROUP BY {{x}}",
    "SELECT a FROM t WHERE a = {{tb_secret('k')}} AND a < {{x}}",
    "SELECT a FROM t LIMIT {{UInt8(n)}} OFFSET {{UInt8(o)}}",
};

std::string json_of(const std::string& text) {
  std::string out = "{\"v\": \"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\", \"w\": null}";
}

/// A number whose program is that of `text`: of its sign, and none where it is none.
std::string harmless_number(const std::string& text) {
  if (text.find_first_of("123456789") == std::string::npos) return "0";
  return text.find('-') == std::string::npos ? "5" : "-5";
}

/// As many parts, each of them one letter.
std::string harmless_list(const std::string& list) {
  std::string out;
  if (list.empty()) return out;
  for (auto i = std::count(list.begin(), list.end(), ','); i > 0; --i) out += "b,";
  return out + "b";
}

/// A template, with the shape that harmless values give it.
class Trial {
 public:
  explicit Trial(const std::string& text) : parsed_(SqlTemplate::parse("%" + text)) {}

  /// False where the values are refused.
  bool render(const RunVariables& values, std::string& sql) {
    try {
      sql = parsed_.render(values);
      return true;
    } catch (const Error& error) {
      // kForbidden: a name that is that of the function which gives secrets.
      EXPECT_THAT(error.code(), AnyOf(ErrorCode::kInvalid, ErrorCode::kForbidden)) << error.what();
      return false;
    }
  }

  const Shape& wanted(Judge& judge, const RunVariables& values) {
    const std::string number = harmless_number(values.at("n"));
    const std::string list = harmless_list(values.at("l"));
    const auto [found, is_new] = shapes_.try_emplace(number + list);
    if (is_new) {
      found->second = judge.shape(parsed_.render(
          {{"x", "a"}, {"y", "b"}, {"n", number}, {"o", "1"}, {"l", list}, {"j", json_of("a")}}));
      EXPECT_EQ(found->second.error, "");
    }
    return found->second;
  }

 private:
  SqlTemplate parsed_;
  std::map<std::string, Shape> shapes_;
};

void report(const std::string& what, size_t count, size_t rendered, uint32_t seed) {
  std::cout << "template fuzz, " << what << ": " << count << " executions, " << rendered
            << " statements, " << count - rendered << " refused, seed " << seed << "\n";
}

TEST(SqlTemplateFuzzTest, NoValueChangesTheStatement) {
  Judge judge;
  const uint32_t seed = fuzz_seed(20261124);
  Random random(seed);
  std::vector<Trial> trials;
  for (const std::string& position : kPositions) trials.emplace_back(position);
  const size_t count = executions(20000);
  size_t rendered = 0;
  for (size_t i = 0; i < count; ++i) {
    Trial& trial = trials[below(random, trials.size())];
    const RunVariables values = {{"x", nasty_text(random)},          {"y", nasty_text(random)},
                                 {"n", nasty_number(random)},        {"l", nasty_list(random)},
                                 {"j", json_of(nasty_text(random))}, {"o", nasty_number(random)}};
    std::string sql;
    if (!trial.render(values, sql)) continue;
    ++rendered;
    ASSERT_EQ(judge.shape(sql), trial.wanted(judge, values)) << sql;
  }
  EXPECT_GT(rendered, count / 10);
  report("values", count, rendered, seed);
}

TEST(SqlTemplateFuzzTest, TextsComeOutAsTheyWerePutIn) {
  Judge judge;
  const SqlTemplate statement = SqlTemplate::parse("%SELECT {{String(x)}}");
  const uint32_t seed = fuzz_seed(7);
  Random random(seed);
  const size_t count = executions(10000);
  size_t rendered = 0;
  for (size_t i = 0; i < count; ++i) {
    const std::string text = nasty_text(random);
    std::string sql;
    try {
      sql = statement.render({{"x", text}});
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kInvalid) << error.what();
      continue;  // A zero byte, or no UTF-8.
    }
    ++rendered;
    ASSERT_EQ(judge.first_value(sql), text);
  }
  EXPECT_GT(rendered, count / 2);
  report("texts", count, rendered, seed);
}

/// A name is one of what is there, or one that is not there: whatever else SQLite said would be
/// another statement.
TEST(SqlTemplateFuzzTest, NamesAreNamesOrRefused) {
  Judge judge;
  std::vector<SqlTemplate> statements;
  for (const char* text :
       {"SELECT {{column(x)}} FROM t",
        "SELECT a FROM t ORDER BY {{column(x)}} DESC LIMIT {{Int32(n, 1)}}",
        "SELECT {{columns(x)}} FROM t",
        "SELECT {{columns(x, fn='max')}} FROM t GROUP BY {{columns(x)}}",
        "SELECT a FROM {{table(x)}} WHERE b = 1", "SELECT {{symbol(x)}} AS q FROM t",
        "SELECT a FROM t WHERE {{column(x)}}IN('x')AND 1"}) {
    statements.push_back(SqlTemplate::parse(std::string("%") + text));
  }
  const uint32_t seed = fuzz_seed(11);
  Random random(seed);
  const size_t count = executions(20000);
  size_t rendered = 0;
  for (size_t i = 0; i < count; ++i) {
    const SqlTemplate& statement = statements[below(random, statements.size())];
    std::string sql;
    try {
      sql = statement.render({{"x", nasty_text(random)}, {"n", "2"}});
    } catch (const Error& error) {
      ASSERT_THAT(error.code(), AnyOf(ErrorCode::kInvalid, ErrorCode::kForbidden)) << error.what();
      continue;
    }
    ++rendered;
    const Shape shape = judge.shape(sql);
    if (shape.error.empty()) {
      for (const std::string& one : shape.touched) {
        ASSERT_THAT(one,
                    AnyOf(StartsWith("20:t."), StartsWith("31:.max"), StartsWith("20:secret.")))
            << sql;
        if (one.starts_with("20:secret.")) {
          ASSERT_NE(sql.find("FROM `secret`"), std::string::npos) << sql;
        }
      }
    } else {
      ASSERT_THAT(shape.error, AnyOf(StartsWith("no such column"), StartsWith("no such table"),
                                     StartsWith("unknown database")))
          << sql;
    }
  }
  EXPECT_GT(rendered, count / 10);
  report("names", count, rendered, seed);
}

}  // namespace
}  // namespace sluice

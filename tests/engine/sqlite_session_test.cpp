#include "engine/sqlite_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kEndless =
    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r";

class SqliteSessionTest : public testing::Test {
 protected:
  Error refusal(const std::string& sql, const std::vector<NamedQuery>& views = {}) {
    return caught([&] { world_.engine().describe({views, sql}); });
  }

  EngineWorld world_{
      "CREATE TABLE orders (id INTEGER, total REAL, note TEXT);"
      "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT);"
      "CREATE VIEW paid AS SELECT id FROM orders WHERE total > 0;"
      "INSERT INTO orders VALUES (1, 2.5, 'a'), (2, 0.0, 'b'), (3, 1.0, 'c')"};
};

TEST_F(SqliteSessionTest, WritingIsForbidden) {
  for (const char* sql : {"INSERT INTO shop.orders VALUES (1, 2, 3)",
                          "REPLACE INTO shop.orders VALUES (1, 2, 3)",
                          "UPDATE shop.orders SET id = 1",
                          "DELETE FROM shop.orders",
                          "CREATE TABLE x (a)",
                          "CREATE TEMP TABLE x (a)",
                          "DROP TABLE shop.orders",
                          "ATTACH 'state.db' AS s",
                          "DETACH shop",
                          "VACUUM",
                          "VACUUM INTO '/tmp/never.db'",
                          "PRAGMA query_only=0",
                          "BEGIN",
                          "COMMIT",
                          "SAVEPOINT s",
                          "WITH x AS (SELECT 1) INSERT INTO shop.items SELECT 1, 2 FROM x",
                          "EXPLAIN DELETE FROM shop.orders",
                          "INSERT INTO shop.items VALUES (1, 'a') RETURNING id",
                          "SELECT load_extension('x')",
                          "SELECT * FROM pragma_table_info('orders')",
                          "SELECT * FROM sqlite_temp_schema"}) {
    const Error error = refusal(sql);
    EXPECT_EQ(error.code(), ErrorCode::kForbidden) << sql << ": " << error.what();
  }
  EXPECT_EQ(world_.shop.value("SELECT count(*) FROM orders"), "3");
}

TEST_F(SqliteSessionTest, AVersionBehindALockIsAReasonToTryAgain) {
  SqliteSession session(world_.options, world_.clock);
  const int64_t version = session.data_version("shop");
  world_.shop.run("BEGIN EXCLUSIVE");
  EXPECT_ERROR(session.data_version("shop"), kBusy);
  world_.shop.run("COMMIT");
  EXPECT_EQ(session.data_version("shop"), version);
}

TEST_F(SqliteSessionTest, OneStatementWithAResult) {
  const std::vector<std::pair<std::string, const char*>> statements = {
      {"SELECT 1; SELECT 2", "more than one statement"},
      {"SELECT 1; DROP TABLE shop.orders", "more than one statement"},
      {"SELECT 1; nonsense", "more than one statement"},
      {"", "no result"},
      {";", "no result"},
      {"-- nothing", "no result"},
      {"EXPLAIN SELECT 1", "no result"},
      {"EXPLAIN QUERY PLAN SELECT 1", "no result"},
      {"SELECT ?", "placeholder"},
      {"SELECT :name", "placeholder"},
      {"SELECT $x", "placeholder"},
      {"SELECT @x", "placeholder"},
      {"UPDATE sqlite_schema SET sql = ''", "may not be modified"},
      {"SELEC 1", "syntax error"},
      {"SELECT * FROM shop.nope", "no such table: shop.nope"},
      {"SELECT nope FROM shop.orders", "no such column: nope"},
      {"SELECT nope(1)", "no such function: nope"},
      {std::string("SELECT 1\0", 9), "NUL"}};
  for (const auto& [sql, what] : statements) {
    const Error error = refusal(sql);
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << sql;
    EXPECT_THAT(error.what(), HasSubstr(what)) << sql;
  }
}

TEST_F(SqliteSessionTest, CommentsAndSemicolonsAtTheEnd) {
  for (const char* sql :
       {"SELECT 1 -- x", "SELECT 1 /* x */", "SELECT 1 /* x", "SELECT 1;", "SELECT 1;; ;",
        "SELECT 1; -- x\n /* y */", "-- x\nSELECT 1", ";SELECT 1", "SELECT 1 --"}) {
    EXPECT_THAT(world_.rows(sql), ElementsAre("1")) << sql;
    EXPECT_THAT(rest_of(*world_.engine().open({{{"v", sql}}, "SELECT * FROM v"}, kLongRun, {})),
                ElementsAre("1"))
        << sql;
  }
}

TEST_F(SqliteSessionTest, TheStatementHasALimitAndViewsOfManyHaveNone) {
  const std::string most = "SELECT 1 --" + std::string(limits::kSqlBytes - 11, 'x');
  EXPECT_THAT(world_.rows(most), ElementsAre("1"));
  EXPECT_EQ(refusal(most + "x").code(), ErrorCode::kTooLarge);
  const std::string list = "SELECT '" + std::string(limits::kSqlBytes / 2, 'x') + "' AS a";
  const std::string composed = "WITH n1 AS (" + list + "), n2 AS (" + list + "), n3 AS (" + list +
                               ") SELECT count(*) FROM n1, n2, n3";
  EXPECT_THAT(rest_of(*world_.engine().open({{{"v", composed}}, "SELECT * FROM v"}, kLongRun, {})),
              ElementsAre("1"));
}

TEST_F(SqliteSessionTest, EndlessStatementsEndWithTheirTime) {
  HastyClock clock;
  auto engine = make_sqlite_engine(world_.options, clock);
  auto reader = engine->open({{}, kEndless}, std::chrono::seconds(100), {});
  Batch batch;
  const Error error = caught([&] { reader->next(batch); });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_THAT(error.what(), HasSubstr("100 s"));
}

TEST_F(SqliteSessionTest, EndlessStatementsEndWhenStopped) {
  std::stop_source stop;
  auto reader = world_.open(kEndless, stop.get_token());
  stop.request_stop();
  Batch batch;
  EXPECT_ERROR(reader->next(batch), kCancelled);
}

TEST_F(SqliteSessionTest, TablesThatAreRead) {
  EXPECT_THAT(world_.tables("SELECT 1"), IsEmpty());
  EXPECT_THAT(world_.tables("SELECT id FROM shop.orders"), ElementsAre("shop.orders"));
  EXPECT_THAT(world_.tables("SELECT count(*) FROM shop.orders"), ElementsAre("shop.orders"));
  EXPECT_THAT(world_.tables("SELECT 1 FROM shop.orders"), ElementsAre("shop.orders"));
  EXPECT_THAT(world_.tables("SELECT id FROM orders"), ElementsAre("shop.orders"));
  EXPECT_THAT(world_.tables("SELECT (SELECT name FROM shop.items) FROM shop.orders"),
              ElementsAre("shop.items", "shop.orders"));
  EXPECT_THAT(world_.tables("SELECT value FROM json_each('[1]')"), IsEmpty());
}

TEST_F(SqliteSessionTest, CommonTableExpressionsAreNoTables) {
  EXPECT_THAT(world_.tables("WITH a AS (SELECT id FROM shop.orders) SELECT * FROM a"),
              ElementsAre("shop.orders"));
  EXPECT_THAT(world_.tables("WITH a AS (SELECT id FROM shop.orders), b AS (SELECT id FROM a) "
                            "SELECT * FROM b JOIN shop.items USING (id)"),
              ElementsAre("shop.items", "shop.orders"));
  EXPECT_THAT(world_.tables("WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) "
                            "SELECT n FROM r LIMIT 2"),
              IsEmpty());
}

TEST_F(SqliteSessionTest, ViewsAreNamedInsteadOfWhatTheyRead) {
  const std::vector<NamedQuery> views = {{"a", "SELECT id FROM shop.orders"},
                                         {"b", "WITH c AS (SELECT id FROM a) SELECT * FROM c"},
                                         {"unused", "SELECT name FROM shop.items"}};
  EXPECT_THAT(world_.tables("SELECT * FROM b", views), ElementsAre("b"));
  EXPECT_THAT(world_.tables("SELECT count(*) FROM b", views), ElementsAre("b"));
  EXPECT_THAT(world_.tables("SELECT count(*) FROM a, b", views), ElementsAre("a", "b"));
  EXPECT_THAT(world_.tables("WITH w AS (SELECT id FROM a) SELECT * FROM w", views),
              ElementsAre("a"));
  EXPECT_THAT(world_.tables("SELECT 1 AS unused FROM a", views), ElementsAre("a"));
  EXPECT_THAT(world_.tables("SELECT id FROM shop.paid"), ElementsAre("shop.paid"));
}

TEST_F(SqliteSessionTest, AViewIsOneReadingStatement) {
  for (const char* sql : {"DELETE FROM shop.orders", "SELECT 1; DROP TABLE x", "SELECT ?", "",
                          "SELECT * FROM shop.nope"}) {
    const Error error = refusal("SELECT * FROM v", {{"v", sql}});
    EXPECT_THAT(error.what(), HasSubstr("'v'")) << sql;
  }
  EXPECT_EQ(refusal("SELECT * FROM v", {{"v", "DELETE FROM shop.orders"}}).code(),
            ErrorCode::kForbidden);
  // Only read as one statement can it be told from what closes the view and goes on.
  EXPECT_THAT(world_.tables("SELECT * FROM v", {{"v\"; DROP", "SELECT 1"}, {"v", "SELECT 2"}}),
              ElementsAre("v"));
}

TEST_F(SqliteSessionTest, ABrokenViewOnlyHurtsWhoReadsIt) {
  const std::vector<NamedQuery> views = {{"orders", "SELECT * FROM shop.gone"},
                                         {"sums", "SELECT sum(total) AS total FROM orders"}};
  EXPECT_THAT(rest_of(*world_.engine().open({views, "SELECT id FROM shop.orders WHERE id = 1"},
                                            kLongRun, {})),
              ElementsAre("1"));
  // It is not mistaken for the table of its name, and the root of the failure is told.
  for (const char* sql : {"SELECT count(*) FROM orders", "SELECT * FROM sums"}) {
    const Error error = refusal(sql, views);
    EXPECT_EQ(error.code(), ErrorCode::kInvalid);
    EXPECT_THAT(error.what(),
                HasSubstr("The SQL of 'orders' is invalid: no such table: shop.gone"));
  }
}

TEST_F(SqliteSessionTest, ViewsThatReadEachOtherAreRefused) {
  EXPECT_EQ(refusal("SELECT * FROM a", {{"a", "SELECT * FROM b"}, {"b", "SELECT * FROM a"}}).code(),
            ErrorCode::kInvalid);
  EXPECT_EQ(refusal("SELECT * FROM orders", {{"orders", "SELECT * FROM orders"}}).code(),
            ErrorCode::kInvalid);
}

TEST_F(SqliteSessionTest, ExpectedRowsOnlyWhereEachRowGivesOne) {
  auto expected = [&](const std::string& sql) { return world_.open(sql)->expected_rows(); };
  EXPECT_EQ(expected("SELECT * FROM shop.orders"), 3U);
  EXPECT_EQ(expected("SELECT id, upper(note) FROM shop.orders ORDER BY note"), 3U);
  EXPECT_EQ(expected("WITH a AS (SELECT * FROM shop.orders) SELECT * FROM a"), std::nullopt);
  for (const char* sql :
       {"SELECT 1", "SELECT count(*) FROM shop.orders", "SELECT * FROM shop.orders WHERE id = 1",
        "SELECT * FROM shop.orders LIMIT 1", "SELECT DISTINCT id FROM shop.orders",
        "SELECT * FROM shop.orders a, shop.orders b", "SELECT * FROM shop.items",
        "SELECT * FROM shop.orders UNION ALL SELECT * FROM shop.orders",
        "SELECT id FROM shop.paid"}) {
    EXPECT_EQ(expected(sql), std::nullopt) << sql;
  }
}

}  // namespace
}  // namespace sluice

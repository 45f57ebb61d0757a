#include "engine/read_only_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sqlite_file.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A guarded connection that could write if it were let.
class ReadOnlyGuardTest : public testing::Test {
 protected:
  ReadOnlyGuardTest()
      : database_(":memory:", "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 2)") {
    guard_.attach_to(database_.handle());
  }
  ~ReadOnlyGuardTest() override {
    sqlite3_set_authorizer(database_.handle(), nullptr, nullptr);
    EXPECT_EQ(database_.value("SELECT group_concat(a || b) FROM t"), "12") << "something wrote";
  }

  int prepare(const std::string& sql) {
    guard_.forget();
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database_.handle(), sql.c_str(), -1, &statement, nullptr);
    sqlite3_finalize(statement);
    return code;
  }

  SqliteFile database_;
  ReadOnlyGuard guard_;
};

TEST_F(ReadOnlyGuardTest, LetsReadingThrough) {
  for (const char* sql : {"SELECT * FROM t", "SELECT count(*), upper('x'), date('now') FROM t",
                          "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) "
                          "SELECT n FROM r LIMIT 3",
                          "VALUES (1)"}) {
    EXPECT_EQ(prepare(sql), SQLITE_OK) << sql;
    EXPECT_THAT(guard_.refused(), IsEmpty()) << sql;
  }
}

TEST_F(ReadOnlyGuardTest, RefusesEverythingElse) {
  const std::vector<std::pair<const char*, const char*>> statements = {
      {"INSERT INTO t VALUES (3, 4)", "INSERT into t"},
      {"REPLACE INTO t VALUES (3, 4)", "INSERT into t"},
      {"WITH x AS (SELECT 1) INSERT INTO t SELECT 1, 2 FROM x", "INSERT into t"},
      {"UPDATE t SET a = 5", "UPDATE of t"},
      {"DELETE FROM t", "DELETE from t"},
      {"CREATE TABLE u (a)", "a change of the schema"},
      {"CREATE TEMP TABLE u (a)", "a change of the schema"},
      {"CREATE VIEW v AS SELECT 1", "a change of the schema"},
      {"CREATE INDEX i ON t (a)", "a change of the schema"},
      {"CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", "not reading"},
      {"DROP TABLE t", "a change of the schema"},
      {"ALTER TABLE t RENAME TO u", "ALTER TABLE"},
      {"ATTACH 'x.db' AS x", "ATTACH"},
      {"DETACH main", "DETACH"},
      {"PRAGMA table_info(t)", "PRAGMA table_info"},
      {"PRAGMA journal_mode=DELETE", "PRAGMA"},
      {"BEGIN", "transaction"},
      {"COMMIT", "transaction"},
      {"SAVEPOINT s", "not reading"},
      {"REINDEX t", ""},
      {"ANALYZE t", ""},
      {"SELECT load_extension('x')", "load_extension()"},
      {"SELECT fts3_tokenizer('simple')", "fts3_tokenizer()"},
      {"SELECT * FROM sqlite_temp_schema", "sqlite_temp_master"},
      {"SELECT * FROM temp.sqlite_schema", "sqlite_temp_master"},
      {"SELECT * FROM sqlite_temp_master", "sqlite_temp_master"},
      {"SELECT * FROM pragma_table_info('t')", "virtual table"},
      {"SELECT * FROM pragma_database_list", "virtual table"},
      {"EXPLAIN INSERT INTO t VALUES (3, 4)", "INSERT into t"},
  };
  for (const auto& [sql, what] : statements) {
    const int code = prepare(sql);
    const bool refused = code != SQLITE_OK && !guard_.refused().empty();
    // A table without an index has nothing to reindex: nothing is asked, nothing is done.
    EXPECT_TRUE(refused || std::string(sql) == "REINDEX t") << sql;
    EXPECT_THAT(guard_.refused(), HasSubstr(what)) << sql;
  }
}

TEST_F(ReadOnlyGuardTest, InternalTablesOfTheWarehouse) {
  sqlite3_set_authorizer(database_.handle(), nullptr, nullptr);
  database_.run(
      "CREATE TABLE sluice_datasources (id); ATTACH ':memory:' AS other; "
      "CREATE TABLE other.sluice_mine (a); CREATE VIEW peek AS SELECT * FROM sluice_datasources");
  guard_.attach_to(database_.handle());
  for (const char* sql :
       {"SELECT * FROM sluice_datasources", "SELECT count(*) FROM SLUICE_DataSources",
        "SELECT 1 FROM main.\"sluice_datasources\"", "SELECT * FROM peek",
        "SELECT a FROM t WHERE a IN (SELECT id FROM sluice_datasources)",
        "WITH x AS (SELECT * FROM sluice_datasources) SELECT 1 FROM x",
        "SELECT name FROM sqlite_schema", "SELECT name FROM main.sqlite_master"}) {
    EXPECT_NE(prepare(sql), SQLITE_OK) << sql;
    EXPECT_THAT(guard_.refused(), HasSubstr("of the warehouse")) << sql;
  }
  for (const char* sql : {"SELECT * FROM other.sluice_mine", "SELECT name FROM other.sqlite_schema",
                          "SELECT 'sluice_datasources'"}) {
    EXPECT_EQ(prepare(sql), SQLITE_OK) << sql;
  }
}

TEST_F(ReadOnlyGuardTest, ForgetsWithTheNextStatement) {
  prepare("DELETE FROM t");
  EXPECT_THAT(guard_.refused(), Not(IsEmpty()));
  prepare("SELECT a FROM t");
  EXPECT_THAT(guard_.refused(), IsEmpty());
  EXPECT_EQ(guard_.reads().size(), 1U);
  guard_.forget();
  EXPECT_THAT(guard_.reads(), IsEmpty());
}

TEST_F(ReadOnlyGuardTest, SaysWhereAReadStands) {
  sqlite3_set_authorizer(database_.handle(), nullptr, nullptr);
  database_.run("ATTACH ':memory:' AS x; CREATE TABLE x.u (c); CREATE VIEW v AS SELECT a FROM t");
  guard_.attach_to(database_.handle());
  prepare("WITH w AS (SELECT c FROM x.u) SELECT w.c, v.a FROM w, v");
  std::set<std::string> reads;
  for (const ReadOnlyGuard::Read& read : guard_.reads())
    reads.insert(read.table + "/" + read.inside);
  EXPECT_TRUE(reads.contains("x.u/w"));
  EXPECT_TRUE(reads.contains("t/v"));
  EXPECT_TRUE(reads.contains("v/"));
}

}  // namespace
}  // namespace sluice

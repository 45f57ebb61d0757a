#include "engine/log_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A state database with a secret beside the log, and an engine that offers the log.
class LogTablesTest : public testing::Test {
 protected:
  LogTablesTest() {
    world_.options.log_path = state_.path();
    world_.options.logs = {{"jobs_log", {"job_id", "status"}}};
  }
  std::vector<std::string> rows(const std::string& sql, const std::vector<NamedQuery>& views = {}) {
    return rest_of(*world_.engine().open({views, sql}, kLongRun, {}));
  }

  EngineWorld world_;
  SqliteFile state_{world_.folder / "state.db",
                    "PRAGMA journal_mode=WAL; CREATE TABLE jobs (id, status, plan);"
                    "CREATE TABLE tokens (hash); INSERT INTO tokens VALUES ('h');"
                    "CREATE VIEW jobs_log AS SELECT id AS job_id, status FROM jobs;"
                    "INSERT INTO jobs VALUES ('a', 'done', 'p'), ('b', 'error', 'q')"};
};

TEST_F(LogTablesTest, RowsOfTheView) {
  EXPECT_THAT(rows("SELECT * FROM jobs_log"), ElementsAre("'a','done'", "'b','error'"));
  EXPECT_THAT(rows("SELECT job_id FROM jobs_log WHERE status = 'error'"), ElementsAre("'b'"));
  EXPECT_THAT(rows("SELECT count(*) FROM jobs_log"), ElementsAre("2"));
  EXPECT_THAT(rows("SELECT a.job_id FROM jobs_log a JOIN jobs_log b USING (job_id)"),
              ElementsAre("'a'", "'b'"));
  state_.run("INSERT INTO jobs VALUES ('c', 'waiting', 'r')");
  EXPECT_THAT(rows("SELECT count(*) FROM jobs_log"), ElementsAre("3"));
}

TEST_F(LogTablesTest, InPipes) {
  EXPECT_THAT(rows("SELECT n FROM v", {{"v", "SELECT count(*) AS n FROM jobs_log"}}),
              ElementsAre("2"));
  EXPECT_THAT(world_.tables("SELECT job_id FROM jobs_log"), ElementsAre("jobs_log"));
}

TEST_F(LogTablesTest, NothingElseOfTheFileIsThere) {
  for (const char* sql :
       {"SELECT * FROM tokens", "SELECT * FROM jobs", "SELECT plan FROM jobs_log",
        "SELECT * FROM main.tokens", "SELECT * FROM temp.jobs", "SELECT * FROM state.tokens",
        "SELECT * FROM jobs_log.tokens", "SELECT * FROM jobs_log, tokens",
        "WITH jobs_log AS (SELECT * FROM tokens) SELECT * FROM jobs_log",
        "WITH jobs_log AS (SELECT * FROM jobs) SELECT plan FROM jobs_log",
        "SELECT (SELECT hash FROM tokens) FROM jobs_log", "SELECT * FROM jobs_log('tokens')",
        "SELECT * FROM jobs_log WHERE job_id IN tokens"}) {
    EXPECT_ERROR(rows(sql), kInvalid) << sql;
    EXPECT_ERROR(rows("SELECT * FROM v", {{"jobs_log2", "SELECT 1"}, {"v", sql}}), kInvalid) << sql;
  }
  EXPECT_ERROR(rows("SELECT count(*) FROM sqlite_schema"), kForbidden);
  EXPECT_THAT(rows("WITH jobs_log AS (SELECT 9 AS plan) SELECT plan FROM jobs_log"),
              ElementsAre("9"));
}

TEST_F(LogTablesTest, ItCantBeChangedOrMadeAgain) {
  for (const char* sql : {"DELETE FROM jobs_log", "INSERT INTO jobs_log VALUES (1, 2)",
                          "UPDATE jobs_log SET status = 1", "DROP TABLE jobs_log",
                          "CREATE VIRTUAL TABLE temp.x USING jobs_log",
                          "CREATE VIRTUAL TABLE temp.x USING jobs_log(tokens)"}) {
    const Error error = caught([&] { rows(sql); });
    EXPECT_TRUE(error.code() == ErrorCode::kForbidden || error.code() == ErrorCode::kInvalid)
        << sql << ": " << error.what();
  }
  EXPECT_EQ(state_.value("SELECT count(*) FROM jobs"), "2");
}

TEST_F(LogTablesTest, AFileThatCantBeReadFailsOnlyWhoReadsIt) {
  world_.options.log_path = world_.folder / "not-there.db";
  EXPECT_THAT(rows("SELECT 1"), ElementsAre("1"));
  EXPECT_THAT(caught([&] { rows("SELECT * FROM jobs_log"); }).what(), HasSubstr("jobs_log"));
}

TEST_F(LogTablesTest, WithAsManyAttachedFilesAsThereMayBe) {
  for (int i = 0; i < 8; ++i) {
    const std::string name = "f" + std::to_string(i);
    SqliteFile file(world_.folder / (name + ".db"), "CREATE TABLE t (a)");
    world_.options.files.push_back({name, file.path()});
  }
  EXPECT_THAT(rows("SELECT count(*) FROM jobs_log, (SELECT count(*) FROM f7.t)"), ElementsAre("2"));
}

}  // namespace
}  // namespace sluice

#include "engine/reach_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A warehouse with an open and a secret table, an attached file, and two pipes, one of which may
/// be read and reads what may not.
class ReachCheckTest : public testing::Test {
 protected:
  ReachCheckTest() {
    SqliteFile(
        world_.options.warehouse_path,
        "CREATE TABLE free (id INTEGER, name TEXT); CREATE TABLE secret (id INTEGER, key TEXT);"
        "CREATE TABLE both (id INTEGER); CREATE VIEW leak AS SELECT key FROM secret");
    world_.options.log_path = world_.folder / "state.db";
    world_.options.logs = {{"jobs_log", {"job_id"}}};
  }
  static Query query(const std::string& sql) {
    return {{{"hidden", "SELECT key FROM secret"},
             {"shown", "SELECT key AS value FROM hidden"},
             {"both", "SELECT key FROM secret"}},
            sql};
  }
  void check(const std::string& sql) {
    check_within_reach(world_.options, world_.clock, query(sql),
                       {{"shown"}, {"free", "both", "gone"}});
  }

  EngineWorld world_;
};

TEST_F(ReachCheckTest, WhatIsWithinReach) {
  for (const char* sql :
       {"SELECT 1", "SELECT * FROM free", "SELECT count(*) FROM main.free",
        "SELECT rowid FROM free", "SELECT value FROM shown", "SELECT count(*) FROM shown",
        "SELECT * FROM temp.shown", "SELECT * FROM free JOIN shown ON name = value",
        "SELECT * FROM \"Free\", [shown]", "WITH secret AS (SELECT 1 AS a) SELECT a FROM secret",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 3) SELECT * FROM r",
        "SELECT value FROM json_each('[1, 2]')", "SELECT * FROM main.both",
        "SELECT sum(id) OVER (ORDER BY id) FROM free",
        "SELECT 1 FROM free WHERE EXISTS (SELECT 1 FROM shown)"}) {
    EXPECT_NO_THROW(check(sql)) << sql;
  }
}

TEST_F(ReachCheckTest, AViewWithASecretIsWithinReachAndTheSecretIsNot) {
  world_.options.secrets = [](const std::string&) { return Secret("hidden"); };
  Query asked{{{"shown", "SELECT id FROM free WHERE name = tb_secret('key')"}}, ""};
  asked.secrets = {{"key", true}};
  const Reach reach{{"shown"}, {}};
  asked.sql = "SELECT count(*) FROM shown";
  EXPECT_NO_THROW(check_within_reach(world_.options, world_.clock, asked, reach));
  asked.sql = "SELECT tb_secret('key') FROM shown";
  const Error error =
      caught([&] { check_within_reach(world_.options, world_.clock, asked, reach); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), HasSubstr("tb_secret"));
}

TEST_F(ReachCheckTest, WhatIsNot) {
  for (const char* sql :
       {"SELECT * FROM secret",
        "SELECT count(*) FROM secret",
        "SELECT 1 FROM main.secret",
        "SELECT * FROM \"secret\"",
        "SELECT * FROM `SECRET`",
        "SELECT * FROM [Secret]",
        "SELECT * FROM 'secret'",
        "SELECT * FROM hidden",
        "SELECT count(*) FROM temp.hidden",
        "SELECT * FROM both",
        "SELECT * FROM leak",
        "SELECT * FROM shop.orders",
        "SELECT * FROM gone",
        "SELECT * FROM jobs_log",
        "SELECT count(*) FROM jobs_log",
        "SELECT * FROM sqlite_schema",
        "SELECT sql FROM main.sqlite_master",
        "SELECT * FROM shop.sqlite_schema",
        "SELECT * FROM sqlite_sequence",
        "SELECT * FROM dbstat",
        "SELECT data FROM sqlite_dbpage",
        "WITH free AS (SELECT * FROM secret) SELECT * FROM free",
        "WITH shown AS (SELECT * FROM secret) SELECT * FROM shown",
        "WITH shown AS (SELECT * FROM hidden) SELECT 1 FROM shown",
        "WITH a AS (SELECT 1), shown AS (SELECT count(*) FROM secret) SELECT * FROM shown",
        "SELECT (SELECT key FROM secret LIMIT 1)",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM secret)",
        "SELECT 1 WHERE 1 IN secret",
        "SELECT 1 WHERE 1 IN main.secret",
        "SELECT * FROM free WHERE id IN (SELECT id FROM secret)",
        "SELECT * FROM free UNION ALL SELECT * FROM secret",
        "SELECT * FROM (SELECT * FROM secret)",
        "SELECT * FROM (free, secret)",
        "SELECT * FROM free NATURAL JOIN secret",
        "SELECT * FROM free ORDER BY (SELECT key FROM secret)",
        "SELECT * FROM free LIMIT (SELECT count(*) FROM secret)",
        "SELECT sum((SELECT count(*) FROM secret)) OVER () FROM free",
        "SELECT /* x */ * FROM/**/secret",
        "SELECT * FROM json_each((SELECT key FROM secret))",
        "SELECT * FROM free AS secret, secret AS free",
        "VALUES ((SELECT 1 FROM secret))",
        "SELECT * FROM pragma_table_info('secret')",
        "SELECT * FROM sqlite_temp_schema"}) {
    const Error error = caught([&] { check(sql); });
    EXPECT_EQ(error.code(), ErrorCode::kForbidden) << sql << ": " << error.what();
  }
}

TEST_F(ReachCheckTest, WhatIsOutOfReachIsAsIfItDidNotExist) {
  // A wrong column of a table that is there must not tell that it is there.
  const std::string there = caught([&] { check("SELECT nope FROM secret"); }).what();
  std::string gone = caught([&] { check("SELECT nope FROM absent"); }).what();
  gone.replace(gone.find("absent"), 6, "secret");
  EXPECT_EQ(there, gone);
}

TEST_F(ReachCheckTest, MistakesAreToldAsMistakes) {
  EXPECT_ERROR(check("SELEC 1"), kInvalid);
  EXPECT_ERROR(check("SELECT nope FROM free"), kInvalid);
  EXPECT_ERROR(check("SELECT 1; SELECT 2"), kInvalid);
  EXPECT_ERROR(check("DELETE FROM free"), kForbidden);
  EXPECT_THAT(caught([&] { check("SELECT nope FROM free"); }).what(), Not(HasSubstr("token")));
}

TEST_F(ReachCheckTest, AGrantedPipeThatIsBrokenSaysWhy) {
  const Query broken{{{"shown", "SELECT * FROM lost"}}, "SELECT * FROM shown"};
  const Error error = caught([&] {
    check_within_reach(world_.options, world_.clock, broken, {{"shown"}, {}});
  });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("lost"));
}

}  // namespace
}  // namespace sluice

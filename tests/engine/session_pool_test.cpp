#include "engine/session_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;

constexpr const char* kEndless =
    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r";

/// Each `ask` uses what the one before has left, where the pool allows it.
class SessionPoolTest : public testing::Test {
 protected:
  std::vector<std::string> ask(const Query& query) {
    return rest_of(*world_.engine().ask(query, {kLongRun, 1 << 20, 8 << 20}, {}));
  }
  std::vector<std::string> ask(const std::string& sql) { return ask(Query{{}, sql}); }

  EngineWorld world_{
      "CREATE TABLE orders (id INTEGER, total REAL); INSERT INTO orders VALUES (1, 2.5)"};
};

TEST_F(SessionPoolTest, ASessionIsUsedAgain) {
  SessionPool pool(world_.options, world_.clock);
  SqliteSession* first = nullptr;
  {
    const auto lease = pool.take();
    first = &lease->session();
    EXPECT_NE(&pool.take()->session(), first) << "it is in use";
  }
  EXPECT_EQ(&pool.take()->session(), first);
}

TEST_F(SessionPoolTest, NowIsTheTimeOfEachQuery) {
  const std::string before = ask("SELECT now()").at(0);
  world_.clock.advance(std::chrono::hours(1));
  EXPECT_THAT(ask("SELECT dateDiff('hour', " + before + ", now())"), ElementsAre("1"));
}

TEST_F(SessionPoolTest, ViewsOfOneQueryAreNotThereForTheNext) {
  EXPECT_THAT(ask({{{"v", "SELECT 7"}, {"w", "SELECT * FROM v"}}, "SELECT * FROM w"}),
              ElementsAre("7"));
  EXPECT_ERROR(ask("SELECT * FROM v"), kInvalid);
  EXPECT_ERROR(ask("SELECT * FROM temp.w"), kInvalid);
  EXPECT_THAT(ask({{{"w", "SELECT 8"}}, "SELECT * FROM w"}), ElementsAre("8"));
  EXPECT_THAT(ask({{{"w", "SELECT 8"}}, "SELECT * FROM w"}), ElementsAre("8"));
  EXPECT_THAT(ask({{{"w", "SELECT 9"}}, "SELECT * FROM w"}), ElementsAre("9"));
  EXPECT_ERROR(ask({{{"w", "SELECT * FROM nope"}}, "SELECT * FROM w"}), kInvalid);
  EXPECT_THAT(ask({{{"w", "SELECT 8"}}, "SELECT * FROM w"}), ElementsAre("8"));
}

TEST_F(SessionPoolTest, AViewThatWasBrokenIsTriedAgain) {
  const Query query{{{"w", "SELECT * FROM shop.later"}}, "SELECT * FROM w"};
  EXPECT_ERROR(ask(query), kInvalid);
  world_.shop.run("CREATE TABLE later AS SELECT 5 AS five");
  EXPECT_THAT(ask(query), ElementsAre("5"));
}

TEST_F(SessionPoolTest, LimitsAreThoseOfEachQuery) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_ERROR(world_.engine().ask({{}, kEndless}, {kLongRun, 1 << 20, 8 << 20}, stop.get_token()),
               kCancelled);
  EXPECT_THAT(ask("SELECT 1"), ElementsAre("1"));
  EXPECT_ERROR(
      rest_of(*world_.engine().ask({{}, "SELECT zeroblob(2000)"}, {kLongRun, 1000, 8 << 20}, {})),
      kTooLarge);
  EXPECT_THAT(ask("SELECT length(zeroblob(2000))"), ElementsAre("2000"));
}

TEST_F(SessionPoolTest, WhatIsWrittenMeanwhileIsSeen) {
  EXPECT_THAT(ask("SELECT count(*) FROM shop.orders"), ElementsAre("1"));
  world_.shop.run("INSERT INTO orders VALUES (2, 1.0)");
  EXPECT_THAT(ask("SELECT count(*) FROM shop.orders"), ElementsAre("2"));
  // `*` is more columns than the session knows.
  EXPECT_THAT(ask("SELECT * FROM shop.orders WHERE id = 2"), ElementsAre("2,1.0"));
  world_.shop.run("ALTER TABLE orders ADD COLUMN note DEFAULT 'n'");
  EXPECT_THAT(ask("SELECT * FROM shop.orders WHERE id = 2"), ElementsAre("2,1.0,'n'"));
  world_.shop.run("DROP TABLE orders");
  EXPECT_ERROR(ask("SELECT * FROM shop.orders"), kInvalid);
}

TEST_F(SessionPoolTest, AFileThatWasReplacedIsAnotherFile) {
  EXPECT_THAT(ask("SELECT id FROM shop.orders"), ElementsAre("1"));
  SqliteFile other(world_.folder / "other.db",
                   "CREATE TABLE orders (id TEXT); INSERT INTO orders VALUES ('new')");
  std::filesystem::rename(other.path(), world_.shop.path());
  EXPECT_THAT(ask("SELECT id FROM shop.orders"), ElementsAre("'new'"));
  SqliteFile warehouse(world_.options.warehouse_path, "CREATE TABLE w AS SELECT 3 AS a");
  EXPECT_THAT(ask("SELECT a FROM w"), ElementsAre("3"));
}

TEST_F(SessionPoolTest, ManyThreadsManySessions) {
  world_.engine();  // Made on first use, which is no matter for several threads.
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string n = std::to_string(t * 100 + i % 3);
        EXPECT_THAT(ask({{{"v", "SELECT " + n}}, "SELECT * FROM v"}), ElementsAre(n));
      }
    });
  }
}

}  // namespace
}  // namespace sluice

#include "query/query_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kEndless =
    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r";

class QueryServiceTest : public testing::Test {
 protected:
  static QueryLimits limits() {
    return {std::chrono::seconds(10), 2, 1 << 20, 4096, 8192, std::chrono::milliseconds(0)};
  }
  QueryAnswer ask(const std::string& sql, AnswerFormat format = AnswerFormat::kJson,
                  bool gzip = false) {
    return service_.answer({{{}, sql}, format, false, gzip}, {});
  }

  EngineWorld world_{
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL);"
      "INSERT INTO orders VALUES (1, 2.5), (2, 0.0), (3, 1.0)"};
  QueryService service_{world_.engine(), world_.clock, limits()};
};

TEST_F(QueryServiceTest, RowsAndFigures) {
  const json answer = json::parse(ask("SELECT id FROM shop.orders WHERE total > 0").body);
  EXPECT_EQ(answer["data"], json::parse(R"([{"id": 1}, {"id": 3}])"));
  EXPECT_EQ(answer["rows"], 2);
  EXPECT_GE(answer["statistics"]["rows_read"], 2);
  EXPECT_EQ(ask("SELECT id FROM shop.orders", AnswerFormat::kCsv).body, "1\n2\n3\n");
}

TEST_F(QueryServiceTest, AnAnswerHasASize) {
  const std::string many =
      "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r LIMIT 1500) SELECT n FROM "
      "r";
  const Error error = caught([&] { ask(many); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_THAT(error.what(), HasSubstr("sink"));
  EXPECT_ERROR(ask(many, AnswerFormat::kParquet), kTooLarge);
  EXPECT_ERROR(ask("SELECT zeroblob(5000)"), kTooLarge);
  EXPECT_EQ(ask("SELECT 1 AS a", AnswerFormat::kNdjson).body, "{\"a\":1}\n")
      << "and all is free again";
}

TEST_F(QueryServiceTest, LongAnswersAreCompressedForWhoTakesIt) {
  const std::string sql = "SELECT printf('%.*c', 3000, 'x') AS a";
  const QueryAnswer packed = ask(sql, AnswerFormat::kJson, true);
  EXPECT_TRUE(packed.gzipped);
  EXPECT_THAT(packed.body, testing::StartsWith("\x1f\x8b"));
  EXPECT_LT(packed.body.size(), 500U);
  EXPECT_FALSE(ask(sql).gzipped);
  EXPECT_FALSE(ask("SELECT 1", AnswerFormat::kJson, true).gzipped);
  EXPECT_FALSE(ask(sql, AnswerFormat::kParquet, true).gzipped);
}

TEST_F(QueryServiceTest, TimeAndStop) {
  HastyClock hasty;
  auto engine = make_sqlite_engine(world_.options, hasty);
  QueryService service(*engine, hasty, limits());
  const Error late = caught([&] { service.answer({{{}, kEndless}}, {}); });
  EXPECT_EQ(late.code(), ErrorCode::kTimeout);
  EXPECT_THAT(late.what(), HasSubstr("--query-timeout"));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_ERROR(service_.answer({{{}, "SELECT 1"}}, stop.get_token()), kCancelled);
}

TEST_F(QueryServiceTest, WhatTheEngineRefuses) {
  EXPECT_ERROR(ask("DELETE FROM shop.orders"), kForbidden);
  EXPECT_ERROR(ask("SELECT nope FROM shop.orders"), kInvalid);
  EXPECT_ERROR(service_.check_reach({{}, "SELECT * FROM shop.orders"}, {}), kForbidden);
}

}  // namespace
}  // namespace sluice

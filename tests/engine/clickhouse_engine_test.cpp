#include "engine/clickhouse_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/clickhouse_world.h"
#include "support/caught.h"
#include "support/fake_random.h"

namespace sluice {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSyntaxError = "Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)\n";
constexpr const char* kOldFailure =
    "Code: 241, e.displayText() = DB::Exception: Memory limit (for query) exceeded, e.what() = "
    "DB::Exception\n";

std::string block(const std::string& values) {
  return native_block(values.size(), {{"a", "UInt8", values}});
}

class ClickhouseEngineTest : public testing::Test {
 protected:
  ScriptedAnswer answer(const ScriptedCluster::Seen& seen) {
    if (seen.sql.starts_with("DESCRIBE")) return {200, {described}, false};
    if (seen.sql.starts_with("EXPLAIN") || seen.sql.starts_with("KILL")) return {200, {}, false};
    if (down.contains(seen.url.substr(0, seen.url.find('/', 7)))) {
      throw Error(ErrorCode::kUnavailable, "No complete answer.");
    }
    return rows;
  }

  /// Everything to the end, as numbers.
  std::vector<int> read(const Query& query = {{}, "SELECT a FROM t"}) {
    const auto reader = engine->open(query, seconds(60), {});
    std::vector<int> out;
    Batch batch;
    while (reader->next(batch)) {
      for (size_t row = 0; row < batch.rows(); ++row) {
        out.push_back(static_cast<int>(batch.at(0, row).integer));
      }
    }
    return out;
  }
  Error failure() {
    return caught([&] { read(); });
  }
  size_t kills() const {
    size_t count = 0;
    for (const auto& seen : cluster.seen) count += seen.sql.starts_with("KILL") ? 1 : 0;
    return count;
  }

  std::string described = "a\tUInt8\t\t\t\n";
  ScriptedAnswer rows;
  std::set<std::string> down;
  ScriptedCluster cluster{[this](const ScriptedCluster::Seen& seen) { return answer(seen); }};
  FakeRandom random;
  std::unique_ptr<Engine> engine = make_clickhouse_engine(
      parse_clickhouse_cluster("ch=http://me:secret@one:1,two:2/shop"), cluster.opener(), random);
};

TEST_F(ClickhouseEngineTest, RowsComeFromBlocksOfAnySize) {
  rows.pieces = {block("\x01\x02"), native_block(0, {{"a", "UInt8", ""}}), block("\x03")};
  EXPECT_THAT(read(), ElementsAre(1, 2, 3));
  std::string all;
  for (const std::string& piece : rows.pieces) all += piece;
  rows.pieces.clear();
  for (const char c : all) rows.pieces.emplace_back(1, c);
  EXPECT_THAT(read(), ElementsAre(1, 2, 3));
  rows.pieces.clear();
  EXPECT_THAT(read(), ElementsAre());
  EXPECT_EQ(kills(), 0U);
}

TEST_F(ClickhouseEngineTest, RequestsAreBoundAndNamed) {
  rows.pieces = {block("\x01")};
  Query query{{{"v", "SELECT 1 AS x; -- end"}}, "WITH w AS (SELECT 2) SELECT a FROM v, w"};
  query.run_id = "job-1";
  read(query);
  const auto& run = cluster.seen.back();
  EXPECT_THAT(run.url, testing::StartsWith("http://one:1/?readonly=2&database=shop&"));
  EXPECT_THAT(run.url, HasSubstr("query_id=job-1"));
  EXPECT_THAT(run.url, HasSubstr("max_execution_time=60"));
  EXPECT_THAT(run.url, Not(HasSubstr("secret")));
  EXPECT_EQ(run.headers.at(0).value, "Basic " + base64_encode("me:secret"));
  EXPECT_EQ(run.sql, "WITH `v` AS (\nSELECT 1 AS x\n),\n w AS (SELECT 2) SELECT a FROM v, w");
}

TEST_F(ClickhouseEngineTest, OnlyQueriesAreSent) {
  for (const char* sql : {"INSERT INTO t SELECT 1", "-- x\n DROP TABLE t", "KILL QUERY WHERE 1",
                          "SET readonly = 0", "EXPLAIN SELECT 1"}) {
    EXPECT_EQ(caught([&] { engine->describe({{}, sql}); }).code(), ErrorCode::kForbidden) << sql;
  }
  EXPECT_EQ(caught([&] { engine->describe({{}, " ; "}); }).code(), ErrorCode::kInvalid);
  EXPECT_TRUE(cluster.seen.empty());
  engine->describe({{}, "SELECT 1) -- "});
  EXPECT_EQ(cluster.seen.at(0).sql, "DESCRIBE TABLE (\nSELECT 1)\n)");
}

TEST_F(ClickhouseEngineTest, ColumnsHaveTheServersTypes) {
  described =
      "a b\\tc\tTuple(\\n    x UInt8,\\n    y Array(\\n        String))\t\t\t\n"
      "d\tLowCardinality(String)\t\t\t\n";
  const QueryInfo info = engine->describe({{}, "SELECT * FROM shop.t JOIN u USING (x)"});
  ASSERT_EQ(info.columns.size(), 2U);
  EXPECT_EQ(info.columns[0].name, "a b\tc");
  EXPECT_EQ(info.columns[0].declared_type, "Tuple(x UInt8, y Array(String))");
  EXPECT_EQ(info.columns[1].type->kind, ColumnKind::kText);
  EXPECT_THAT(info.tables, ElementsAre("shop.t", "u"));
  described = "s\tAggregateFunction(sum, UInt64)\t\t\t\n";
  const Error error = caught([&] { engine->describe({{}, "SELECT 1"}); });
  EXPECT_THAT(error.what(), HasSubstr("The column 's' is of the type AggregateFunction"));
  EXPECT_THAT(error.hint(), HasSubstr("CAST"));
}

TEST_F(ClickhouseEngineTest, AnExceptionBehindTheDataIsNoEnd) {
  rows.pieces = {block("\x01\x02"), kOldFailure};
  EXPECT_EQ(failure().code(), ErrorCode::kTooLarge);
  rows.pieces = {block("\x01"),
                 "\r\n__exception__\r\nabcdefghijklmnop\r\nCode: 159. DB::Exception: "
                 "Timeout exceeded. (TIMEOUT_EXCEEDED)\n"};
  rows.breaks_off = true;
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_THAT(error.what(), HasSubstr("code 159"));
  EXPECT_EQ(kills(), 0U) << "it is over there, too";
}

TEST_F(ClickhouseEngineTest, AnExceptionInsideOfABlockIsFoundAsWell) {
  rows.pieces = {native_block(200, {{"a", "UInt8", "xx"}}), kOldFailure};
  EXPECT_EQ(failure().code(), ErrorCode::kTooLarge);
}

TEST_F(ClickhouseEngineTest, AnAnswerThatBreaksOffIsUnavailableAndTheQueryIsEnded) {
  rows.pieces = {block("\x01\x02")};
  rows.breaks_off = true;
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(kills(), 2U) << "one for each host";
  rows.breaks_off = false;
  rows.pieces = {native_block(200, {{"a", "UInt8", "xx"}})};
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
}

TEST_F(ClickhouseEngineTest, WhatIsNoBlockOfTheQueryIsCorrupt) {
  for (const std::string& piece : {native_block(1, {{"b", "UInt8", "x"}}),
                                   native_block(1, {{"a", "UInt8", "x"}, {"b", "UInt8", "x"}}),
                                   std::string("<html>not a server</html>")}) {
    rows.pieces = {piece};
    EXPECT_EQ(failure().code(), ErrorCode::kCorrupt);
  }
  rows.pieces = {block("x"), native_block(1, {{"a", "Int8", "x"}})};
  EXPECT_EQ(failure().code(), ErrorCode::kCorrupt);
}

TEST_F(ClickhouseEngineTest, AReaderThatIsLeftEndsItsQuery) {
  rows.pieces = {block("\x01"), block("\x02")};
  { const auto reader = engine->open({{}, "SELECT a"}, seconds(60), {}); }
  EXPECT_EQ(kills(), 2U);
  EXPECT_THAT(cluster.seen.back().sql, testing::StartsWith("KILL QUERY WHERE query_id = '"));
}

TEST_F(ClickhouseEngineTest, TheNextHostIsAskedWhereOneIsDown) {
  rows.pieces = {block("\x01")};
  down = {"http://one:1"};
  EXPECT_THAT(read(), ElementsAre(1));
  EXPECT_THAT(cluster.seen.back().url, testing::StartsWith("http://two:2/"));
  down = {"http://one:1", "http://two:2"};
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error.what(), HasSubstr("'ch'"));
}

TEST_F(ClickhouseEngineTest, RefusalsAreWhatTheirCodeSays) {
  rows = {400, {kSyntaxError}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kInvalid);
  rows = {
      403, {"Code: 516. DB::Exception: me: Authentication failed. (AUTHENTICATION_FAILED)"}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kUnauthenticated);
  rows = {502, {"<html>bad gateway</html>"}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
  rows = {404, {"not here"}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kInvalid);
}

TEST_F(ClickhouseEngineTest, StatementsOfCallersAreNotForEverybody) {
  EXPECT_EQ(caught([&] {
              engine->check_reach({{}, "SELECT 1"}, {});
            }).code(),
            ErrorCode::kForbidden);
}

}  // namespace
}  // namespace sluice

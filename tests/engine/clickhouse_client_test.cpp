#include "engine/clickhouse_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cluster_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using testing::Not;

using ClickhouseClientTest = ClickhouseEngineTest;

constexpr const char* kSyntaxError = "Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR)\n";

TEST_F(ClickhouseClientTest, TheNextHostIsAskedWhereOneIsDown) {
  rows.pieces = {block("\x01")};
  down = {"http://one:1"};
  EXPECT_THAT(read(), ElementsAre(1));
  EXPECT_THAT(cluster.seen.back().url, testing::StartsWith("http://two:2/"));
  down = {"http://one:1", "http://two:2"};
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error.what(), HasSubstr("'ch'"));
}

TEST_F(ClickhouseClientTest, WhatAHostHasAnsweredNoOtherIsAsked) {
  rows = {500, {"Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)"}, false};
  EXPECT_EQ(failure().code(), ErrorCode::kUnavailable);
  size_t asked = 0;
  for (const auto& seen : cluster.seen) asked += seen.sql.starts_with("SELECT") ? 1 : 0;
  EXPECT_EQ(asked, 1U);
}

TEST_F(ClickhouseClientTest, WhatWritesIsSentOnce) {
  down = {"http://one:1"};
  ClickhouseClient client(parse_clickhouse_cluster("ch=http://one:1,two:2"), cluster.opener());
  ClickhouseRequest request;
  request.sql = "INSERT INTO FUNCTION s3() SELECT 1";
  request.may_write = true;
  EXPECT_EQ(caught([&] { client.send(request); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(cluster.seen.size(), 1U);
}

TEST_F(ClickhouseClientTest, RefusalsAreWhatTheirCodeSays) {
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

TEST_F(ClickhouseClientTest, RequestsAreBoundAndNamed) {
  rows.pieces = {block("\x01")};
  Query query{{{"v", "SELECT 1 AS x; -- end"}}, "WITH w AS (SELECT 2) SELECT a FROM v, w"};
  query.run_id = "job-1";
  read(query);
  const auto& run = cluster.seen.back();
  EXPECT_THAT(run.url, testing::StartsWith("http://one:1/?readonly=2&database=shop&"));
  EXPECT_THAT(run.url, HasSubstr("query_id=job-1"));
  EXPECT_THAT(run.url, HasSubstr("max_execution_time=60"));
  EXPECT_THAT(run.url, HasSubstr("http_headers_progress_interval_ms=1000"));
  EXPECT_THAT(run.url, Not(HasSubstr("secret")));
  EXPECT_EQ(run.headers.at(0).value, "Basic " + base64_encode("me:secret"));
  EXPECT_EQ(run.sql, "WITH `v` AS (\nSELECT 1 AS x\n),\n w AS (SELECT 2) SELECT a FROM v, w");
}

}  // namespace
}  // namespace sluice

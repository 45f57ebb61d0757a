#include "engine/clickhouse_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/clickhouse_engine.h"
#include "engine/clickhouse_world.h"
#include "support/caught.h"
#include "support/fake_random.h"

namespace sluice {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

class ClickhouseWriterTest : public testing::Test {
 protected:
  ScriptedAnswer answer(const ScriptedCluster::Seen& seen) {
    if (seen.sql.starts_with("DESCRIBE TABLE (\nSELECT toString(_file)")) {
      return {200, {"file\tString\t\nrow_count\tInt64\t\n"}, false};
    }
    if (seen.sql.starts_with("DESCRIBE")) return {200, {"a\tUInt8\t\t\t\n"}, false};
    if (seen.sql.starts_with("SELECT count()")) return {200, {counted}, false};
    return seen.sql.starts_with("KILL") ? ScriptedAnswer() : given;
  }
  static ClusterTarget target() {
    ClusterTarget out;
    out.folder_url = "http://store/bucket/folder/";
    out.access_key_id = "AK";
    out.secret_access_key = Secret("geheim");
    out.extension = ".csv";
    return out;
  }
  uint64_t write() {
    Query query{{}, "SELECT a FROM t"};
    query.run_id = "job-1";
    return engine->cluster_writer(query)->write(query, target(), seconds(60), {});
  }

  ScriptedAnswer given;
  std::string counted = "0\n";
  ScriptedCluster cluster{[this](const ScriptedCluster::Seen& seen) { return answer(seen); }};
  FakeRandom random;
  std::unique_ptr<Engine> engine =
      make_clickhouse_engine(parse_clickhouse_cluster("ch=http://one:1"), cluster.opener(), random);
};

TEST_F(ClickhouseWriterTest, WritesWithoutReadonlyAndReturnsTheServersCount) {
  given.headers = {{"X-ClickHouse-Summary", "{\"read_rows\":\"9\",\"written_rows\":\"7\"}"}};
  EXPECT_EQ(write(), 7U);
  const auto& seen = cluster.seen.back();
  EXPECT_THAT(seen.sql,
              testing::StartsWith("INSERT INTO FUNCTION s3('http://store/bucket/folder/all.csv'"));
  EXPECT_THAT(seen.url, Not(HasSubstr("readonly")));
  EXPECT_THAT(seen.url, HasSubstr("query_id=job-1"));
  EXPECT_THAT(seen.url, HasSubstr("wait_end_of_query=1"));
}

TEST_F(ClickhouseWriterTest, AServerThatDoesNotCountIsAskedAfterwards) {
  counted = "5\n";
  EXPECT_EQ(write(), 5U);
  EXPECT_EQ(cluster.seen.back().sql, "SELECT count() FROM (\nSELECT a FROM t\n)");
  given.headers = {{"X-ClickHouse-Summary", "nothing"}};
  EXPECT_EQ(write(), 5U);
  given.headers = {{"X-ClickHouse-Summary", "{\"written_rows\":\"0\"}"}};
  counted = "0\n";
  EXPECT_EQ(write(), 0U);
}

TEST_F(ClickhouseWriterTest, FailuresShowNoKeysAndEndTheStatement) {
  given = {500, {"Code: 499. DB::Exception: Access denied near 'geheim' (S3_ERROR)"}, false};
  const Error error = caught([&] { write(); });
  EXPECT_THAT(error.what(), HasSubstr("near '***'"));
  EXPECT_THAT(error.what(), Not(HasSubstr("geheim")));
  EXPECT_EQ(cluster.seen.back().sql, "KILL QUERY WHERE query_id = 'job-1' ASYNC");
}

TEST_F(ClickhouseWriterTest, WhatWasWrittenIsReadBack) {
  given.pieces = {native_block(1, {{"file", "String", native_string("all.csv")},
                                   {"row_count", "Int64", native_number<int64_t>(7)}})};
  Query query{{}, "SELECT a FROM t"};
  const auto reader = engine->cluster_writer(query)->read_back(query, target(), seconds(60), {});
  Batch batch;
  ASSERT_TRUE(reader->next(batch));
  EXPECT_EQ(batch.text(batch.at(0, 0)), "all.csv");
  EXPECT_EQ(batch.at(1, 0).integer, 7);
  EXPECT_THAT(cluster.seen.back().url, HasSubstr("readonly=2"));
}

}  // namespace
}  // namespace sluice

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

const std::string kSinkPath = "/v0/pipes/flights/nodes/flights_0/sink";
const std::string kGood = "connection=disk&path=local://out&file_template=all";

class SinksApiTest : public testing::Test, protected ApiWorld {};

TEST_F(SinksApiTest, SetAnswersThePipe) {
  make_flights();
  const Answer answer = post(kSinkPath, kGood + "&schedule_cron=0+*/1+*+*+*&region=us-east-1");
  ASSERT_EQ(answer.status, 200) << answer.error();
  EXPECT_EQ(answer.body.at("type"), "sink");
  EXPECT_EQ(answer.body.at("sink_node"), answer.body.at("nodes")[0].at("id"));
  EXPECT_EQ(answer.body.at("nodes")[0].at("node_type"), "sink");
  EXPECT_EQ(answer.body.at("schedule").at("cron"), "0 */1 * * *");
  EXPECT_EQ(answer.body.at("schedule").at("timezone"), "Etc/UTC");
  EXPECT_EQ(answer.body.at("schedule").at("status"), "running");
  EXPECT_EQ(answer.body, get("/v0/pipes/flights").body);
}

TEST_F(SinksApiTest, ParametersFromEveryPlaceAndByIds) {
  make_flights();
  const json pipe = get("/v0/pipes/flights").body;
  const std::string by_ids = "/v0/pipes/" + pipe.at("id").get<std::string>() + "/nodes/" +
                             pipe.at("nodes")[0].at("id").get<std::string>() + "/sink";
  DoorRequest mixed =
      request("POST", by_ids + "?path=local://query&file_template=all",
              R"({"connection": "disk", "path": "local://body"})", "application/json");
  ASSERT_EQ(send(mixed).status, 200);
  EXPECT_EQ(pipes.find("flights")->sink->settings.path, "local://query");
}

TEST_F(SinksApiTest, StrategyHasTwoNames) {
  make_flights();
  ASSERT_EQ(post(kSinkPath, kGood + "&strategy=replace").status, 200);
  EXPECT_EQ(pipes.find("flights")->sink->settings.write_strategy, WriteStrategy::kTruncate);
}

TEST_F(SinksApiTest, RefusalsOfSet) {
  make_flights();
  pipe("other", {"SELECT 1 AS a"});
  const std::vector<std::tuple<std::string, int, const char*>> bodies = {
      {"", 400, "connection"},
      {"connection=disk&path=local://out", 400, "file_template"},
      {kGood + "&fromat=csv", 400, "'fromat'"},
      {kGood + "&format=xlsx", 400, "csv, ndjson"},
      {kGood + "&compression=rar", 400, "none, gz"},
      {kGood + "&schedule_cron=every+day", 400, "five fields"},
      {kGood + "&schedule_timezone=Mars/Base", 400, "Mars"},
      {kGood + "&path=local://x", 400, "twice"},
      {"connection=nope&path=local://out&file_template=all", 404, "'nope'"},
      {"connection=disk&path=s3://bucket/x&file_template=all", 400, "local://"},
      {"connection=disk&path=local://out&file_template=../x", 400, "template"},
      {kGood + "&schedule_cron=@hourly&client=x", 400, "'client'"}};
  for (const auto& [body, status, word] : bodies) {
    const Answer answer = post(kSinkPath, body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_THAT(answer.error(), HasSubstr(word)) << body;
  }
  EXPECT_EQ(post("/v0/pipes/nope/nodes/flights_0/sink", kGood).status, 404);
  EXPECT_EQ(post("/v0/pipes/flights/nodes/other_0/sink", kGood).status, 404);
  EXPECT_EQ(get("/v0/pipes/flights").body.at("type"), "default");
}

TEST_F(SinksApiTest, ChecksGoFromThePipeToTheStore) {
  make_flights();
  EXPECT_EQ(post("/v0/pipes/nope/nodes/x/sink", "fromat=csv").status, 404);
  EXPECT_EQ(post("/v0/pipes/flights/nodes/x/sink", "fromat=csv").status, 404);
  bucket.fail("probe", "", ErrorCode::kUnauthenticated);
  EXPECT_EQ(post(kSinkPath, kGood).status, 401);
  bucket.fail("probe", "", ErrorCode::kUnavailable);
  EXPECT_EQ(post(kSinkPath, kGood).status, 502);
  bucket.set_hook(nullptr);
  EXPECT_EQ(post(kSinkPath, kGood).status, 200);
  const Answer again = post(kSinkPath, kGood);
  EXPECT_EQ(again.status, 403);
  EXPECT_THAT(again.error(), HasSubstr("already a sink pipe"));
}

TEST_F(SinksApiTest, OnceRunsAtOnceAndNoMore) {
  make_flights();
  const Answer answer = post(kSinkPath, kGood + "&schedule_cron=@once");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("schedule"), json::object());
  EXPECT_EQ(get("/v0/jobs").body.at("jobs").size(), 1U);
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(bucket.objects().size(), 1U);
}

TEST_F(SinksApiTest, OnceWithAFullQueueLeavesNoSink) {
  make_sink();
  for (int i = 0; i < 3; ++i) run_sink();
  pipe("more", {"SELECT id FROM shop.orders"});
  EXPECT_EQ(post("/v0/pipes/more/nodes/more_0/sink", kGood + "&schedule_cron=@once").status, 429);
  EXPECT_EQ(get("/v0/pipes/more").body.at("type"), "default");
}

TEST_F(SinksApiTest, ARegionMustBeOne) {
  make_flights();
  EXPECT_EQ(post(kSinkPath, kGood + "&region=Not%20a%20region").status, 400);
  EXPECT_EQ(post(kSinkPath, kGood + "&region=eu-south-2").status, 200);
}

TEST_F(SinksApiTest, DeleteAnswersThePipeWithoutItsSink) {
  make_sink("&schedule_cron=@hourly");
  const Answer answer = del(kSinkPath);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("type"), "default");
  EXPECT_TRUE(answer.body.at("sink_node").is_null());
  EXPECT_EQ(answer.body.at("schedule"), json::object());
  EXPECT_EQ(answer.body.at("nodes").size(), 1U);
  const Answer again = del(kSinkPath);
  EXPECT_EQ(again.status, 400);
  EXPECT_THAT(again.error(), HasSubstr("not a sink"));
  EXPECT_EQ(del("/v0/pipes/nope/nodes/x/sink").status, 404);
  EXPECT_EQ(del("/v0/pipes/flights/nodes/x/sink").status, 404);
}

TEST_F(SinksApiTest, RunAnswersTheNodeWithItsJob) {
  make_sink();
  const Answer answer = post("/v0/pipes/flights/sink");
  ASSERT_EQ(answer.status, 200) << answer.error();
  EXPECT_EQ(answer.body.at("name"), "flights_0");
  EXPECT_EQ(answer.body.at("node_type"), "sink");
  const json& job = answer.body.at("job");
  EXPECT_EQ(job.at("status"), "waiting");
  EXPECT_EQ(job.at("kind"), "sink");
  EXPECT_EQ(job.at("job_url"),
            "http://example.test:7181/v0/jobs/" + job.at("id").get<std::string>());
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(bucket.objects().at("out/all.csv"), "id,region\n1,eu\n2,us\n3,eu\n");
}

TEST_F(SinksApiTest, RunTakesOverridesAndVariables) {
  make_sink();
  disk("other");
  const Answer answer = post(
      "/v0/pipes/flights/sink?connection=other&path=local://there&format=ndjson&"
      "compression=gz&_mode=truncate&empty_result=error&region=x",
      "file_template={client}/{region}&client=a/b&unused=1");
  ASSERT_EQ(answer.status, 200) << answer.error();
  const JobPlan plan = jobs.find(answer.body.at("job").at("id").get<std::string>())->plan;
  EXPECT_EQ(plan.settings.connection_id, connections.find("other")->id);
  EXPECT_EQ(plan.settings.path, "local://there");
  EXPECT_EQ(plan.settings.file_template, "{client}/{region}");
  EXPECT_EQ(plan.settings.format, Format::kNdjson);
  EXPECT_EQ(plan.settings.compression, Compression::kGzip);
  EXPECT_EQ(plan.settings.write_strategy, WriteStrategy::kTruncate);
  EXPECT_EQ(plan.settings.empty_result, EmptyResult::kError);
  EXPECT_EQ(plan.variables.at("client"), "a/b");
  EXPECT_EQ(plan.variables.at("unused"), "1");
  EXPECT_FALSE(plan.variables.contains("region")) << "it says where the store is";
  EXPECT_TRUE(plan.variables.contains("job_timestamp"));
  EXPECT_TRUE(workers.run_one());
  EXPECT_TRUE(bucket.objects().contains("out/a%2Fb/eu.ndjson.gz") ||
              bucket.objects().contains("there/a%2Fb/eu.ndjson.gz"));
}

TEST_F(SinksApiTest, RefusalsOfRun) {
  make_flights();
  const Answer none = post("/v0/pipes/flights/sink");
  EXPECT_EQ(none.status, 400);
  EXPECT_THAT(none.error(), HasSubstr("not a sink pipe"));
  EXPECT_EQ(post("/v0/pipes/nope/sink").status, 404);
  ASSERT_EQ(post(kSinkPath, kGood).status, 200);
  const std::vector<std::tuple<std::string, int, const char*>> refused = {
      {"schedule_cron=@hourly", 400, "schedule_cron"},
      {"schedule_timezone=UTC", 400, "schedule_timezone"},
      {"format=xlsx", 400, "xlsx"},
      {"connection=nope", 404, "'nope'"},
      {"path=s3://bucket/x", 400, "local"},
      {"file_template={client}", 400, "{client}"},
      {"_mode=merge", 400, "merge"},
      {"a=1&a=2", 400, "twice"}};
  for (const auto& [query, status, word] : refused) {
    const Answer answer = post("/v0/pipes/flights/sink?" + query);
    EXPECT_EQ(answer.status, status) << query;
    EXPECT_THAT(answer.error(), HasSubstr(word)) << query;
  }
  EXPECT_EQ(get("/v0/jobs").body.at("jobs").size(), 0U);
}

TEST_F(SinksApiTest, ChangedInPlace) {
  make_sink("&schedule_cron=@daily&format=ndjson");
  const std::string sink = "/v0/pipes/flights/nodes/flights_0/sink";
  const Answer changed = put(sink, "compression=gz&path=local://elsewhere");
  ASSERT_EQ(changed.status, 200) << changed.error();
  EXPECT_EQ(changed.body.at("schedule").at("cron"), "@daily") << "nothing was said of it";
  const Pipe pipe = *pipes.find("flights");
  EXPECT_EQ(pipe.sink->settings.path, "local://elsewhere");
  EXPECT_EQ(pipe.sink->settings.format, Format::kNdjson);
  EXPECT_EQ(pipe.sink->settings.compression, Compression::kGzip);
  EXPECT_EQ(put(sink, "schedule_cron=0+5+*+*+*").body.at("schedule").at("cron"), "0 5 * * *");
  EXPECT_EQ(put(sink, "schedule_cron=@on-demand").body.at("schedule"), json::object());
  for (const auto& [form, status] :
       std::vector<std::pair<std::string, int>>{{"format=exccel", 400},
                                                {"connection=none", 404},
                                                {"path=s3://a/b", 400},
                                                {"colour=blue", 400},
                                                {"schedule_cron=61+*+*+*+*", 400}}) {
    EXPECT_EQ(put(sink, form).status, status) << form;
  }
  EXPECT_EQ(pipes.find("flights")->sink->settings.path, "local://elsewhere");
  EXPECT_EQ(del(sink).status, 200);
  EXPECT_EQ(put(sink, "format=csv").status, 400) << "there is no sink to change";
}

}  // namespace
}  // namespace sluice

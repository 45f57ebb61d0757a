#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class JobsApiTest : public testing::Test, protected ApiWorld {
 protected:
  std::vector<std::string> ids(const std::string& query) {
    std::vector<std::string> out;
    const Answer answer = get("/v0/jobs" + query);
    for (const json& job : answer.body.at("jobs")) out.push_back(job.at("id"));
    return out;
  }
};

TEST_F(JobsApiTest, OneJobFromItsStartToItsEnd) {
  make_sink();
  const std::string id = run_sink();
  const json waiting = get("/v0/jobs/" + id).body;
  EXPECT_EQ(waiting.at("status"), "waiting");
  EXPECT_EQ(waiting.at("is_cancellable"), true);
  EXPECT_TRUE(waiting.at("started_at").is_null());
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(workers.run_one());
  const json done = get("/v0/jobs/" + id).body;
  EXPECT_EQ(done.at("status"), "done");
  EXPECT_EQ(done.at("is_cancellable"), false);
  EXPECT_EQ(done.at("started_at"), "2026-11-23 08:30:01.000000");
  EXPECT_EQ(done.at("progress_percentage"), 100);
  EXPECT_EQ(done.at("statistics").at("row_count"), 3);
  EXPECT_EQ(done.at("statistics").at("files"), 1);
  EXPECT_TRUE(done.at("error").is_null());
}

TEST_F(JobsApiTest, AFailedJobSaysWhy) {
  make_sink();
  const std::string id = run_sink();
  shop.run("DROP TABLE orders");
  EXPECT_TRUE(workers.run_one());
  const json failed = get("/v0/jobs/" + id).body;
  EXPECT_EQ(failed.at("status"), "error");
  EXPECT_THAT(failed.at("error").get<std::string>(), HasSubstr("no such table"));
  EXPECT_EQ(failed.at("errors").size(), 1U);
}

TEST_F(JobsApiTest, ListsNewestFirstWithFilters) {
  make_sink();
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) {
    made.push_back(run_sink());
    clock.advance(std::chrono::minutes(1));
  }
  EXPECT_TRUE(workers.run_one());
  using testing::ElementsAre;
  EXPECT_THAT(ids(""), ElementsAre(made[2], made[1], made[0]));
  EXPECT_THAT(ids("?status=done"), ElementsAre(made[0]));
  EXPECT_THAT(ids("?kind=sink&status=waiting"), ElementsAre(made[2], made[1]));
  EXPECT_THAT(ids("?pipe_name=flights&limit=1"), ElementsAre(made[2]));
  EXPECT_THAT(ids("?pipe_id=t_other"), ElementsAre());
  EXPECT_THAT(ids("?created_after=2026-11-23T08:30:30Z"), ElementsAre(made[2], made[1]));
  EXPECT_THAT(ids("?created_before=2026-11-23+08:31:00"), ElementsAre(made[0]));
  EXPECT_EQ(ids("?created_after=2026-11-23").size(), 3U);
}

TEST_F(JobsApiTest, PagesByCursor) {
  make_sink();
  for (int i = 0; i < 3; ++i) run_sink();
  const json first = get("/v0/jobs?limit=2").body;
  EXPECT_EQ(first.at("jobs").size(), 2U);
  std::string cursor;
  for (char c : first.at("next_cursor").get<std::string>()) {
    cursor += c == ' ' ? "%20" : c == '|' ? "%7C" : std::string(1, c);
  }
  const json second = get("/v0/jobs?limit=2&cursor=" + cursor).body;
  EXPECT_EQ(second.at("jobs").size(), 1U);
  EXPECT_FALSE(second.contains("next_cursor"));
}

TEST_F(JobsApiTest, RefusalsOfLists) {
  for (const char* query :
       {"?status=running", "?kind=copy", "?limit=0", "?limit=-1", "?limit=1001", "?limit=x",
        "?limit=1x", "?created_after=yesterday", "?created_before=2026-13-01", "?cursor=x"}) {
    EXPECT_EQ(get(std::string("/v0/jobs") + query).status, 400) << query;
  }
}

TEST_F(JobsApiTest, Cancel) {
  make_sink();
  const std::string id = run_sink();
  const Answer cancelled = post("/v0/jobs/" + id + "/cancel");
  ASSERT_EQ(cancelled.status, 200);
  EXPECT_EQ(cancelled.body.at("id"), id);
  EXPECT_EQ(cancelled.body.at("status"), "cancelled");
  EXPECT_FALSE(workers.run_one());
  const Answer again = post("/v0/jobs/" + id + "/cancel");
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.error(), HasSubstr("cancelled"));
}

TEST_F(JobsApiTest, WhatIsNotThere) {
  EXPECT_EQ(get("/v0/jobs/nope").status, 404);
  EXPECT_EQ(post("/v0/jobs/nope/cancel").status, 404);
}

TEST_F(JobsApiTest, TheHistoryOutlivesThePipe) {
  make_sink();
  const std::string id = run_sink();
  EXPECT_EQ(del("/v0/pipes/flights").status, 204);
  EXPECT_EQ(get("/v0/jobs/" + id).body.at("pipe_name"), "flights");
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(get("/v0/jobs/" + id).body.at("status"), "done") << "its plan was fixed";
}

}  // namespace
}  // namespace sluice

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class BackfillsTest : public testing::Test, protected ApiWorld {
 protected:
  const std::string kPath = "/v0/pipes/flights/sink/backfill";
  const std::string kRange = "start=2026-11-20&end=2026-11-22";
};

TEST_F(BackfillsTest, StartedShownAndCancelled) {
  make_sink();
  put("/v0/pipes/flights/nodes/flights_0/sink",
      "file_template=dt={interval_start,'%25Y-%25m-%25d'}&schedule_cron=0+0+*+*+*");
  const Answer made = post(kPath, kRange + "&concurrency=3");
  ASSERT_EQ(made.status, 200) << made.error();
  EXPECT_EQ(made.body.at("jobs").at("waiting"), 2);
  EXPECT_EQ(made.body.at("status"), "waiting");
  EXPECT_EQ(made.body.at("concurrency"), 3);
  EXPECT_EQ(made.body.at("start"), "2026-11-20 00:00:00.000000");
  const std::string id = made.body.at("id").get<std::string>();
  EXPECT_EQ(get("/v0/backfills/" + id).body, made.body);
  EXPECT_EQ(get("/v0/backfills?pipe=flights").body.at("backfills").size(), 1U);
  const json job = get("/v0/jobs").body.at("jobs")[0];
  EXPECT_EQ(job.at("triggered_by"), "backfill");
  EXPECT_EQ(job.at("backfill_id"), id);
  EXPECT_EQ(post("/v0/backfills/" + id + "/cancel").body.at("status"), "cancelled");
  EXPECT_EQ(post("/v0/backfills/" + id + "/cancel").status, 409);
}

TEST_F(BackfillsTest, BadOnes) {
  make_sink();
  for (const auto& [form, mention] : std::vector<std::pair<std::string, const char*>>{
           {"end=2026-11-22", "start"},
           {"start=2026-11-20", "end"},
           {"start=yesterday&end=2026-11-22", "yesterday"},
           {kRange + "&step=1x", "1x"},
           {kRange + "&step=1d&concurrency=0", "concurrency"},
           {kRange + "&colour=red", "colour"},
           {kRange + "&step=1d", "same names"},
           {kRange, "no schedule"}}) {
    const Answer answer = post(kPath, form);
    EXPECT_EQ(answer.status, 400) << form;
    EXPECT_THAT(answer.error(), HasSubstr(mention));
  }
  EXPECT_EQ(get("/v0/backfills/none").status, 404);
  EXPECT_EQ(post("/v0/pipes/none/sink/backfill", kRange).status, 404);
}

}  // namespace
}  // namespace sluice

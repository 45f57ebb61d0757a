#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class SchedulesTest : public testing::Test, protected ApiWorld {
 protected:
  Answer patch(const std::string& form) {
    return send(request("PATCH", "/v0/pipes/flights/sink/schedule", form,
                        "application/x-www-form-urlencoded"));
  }
};

TEST_F(SchedulesTest, SetShownPausedResumedRemoved) {
  make_sink();
  EXPECT_EQ(get("/v0/pipes/flights").body["schedule"], json::object());
  Answer answer = patch("schedule_cron=0 8 * * *&schedule_timezone=Europe/Berlin");
  ASSERT_EQ(answer.status, 200) << answer.error();
  EXPECT_EQ(answer.body["description"], "every day at 08:00, Europe/Berlin");
  EXPECT_EQ(answer.body["next_runs"][0], "2026-11-24 07:00:00.000000");
  EXPECT_EQ(answer.body["missed_runs"], json::array());
  EXPECT_EQ(get("/v0/pipes/flights").body["schedule"]["timezone"], "Europe/Berlin");
  EXPECT_EQ(post("/v0/pipes/flights/sink/pause").body["status"], "paused");
  EXPECT_EQ(get("/v0/pipes/flights/sink/schedule").body["status"], "paused");
  EXPECT_EQ(post("/v0/pipes/flights/sink/resume").body["status"], "running");
  answer = patch("schedule_cron=@on-demand");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.body.contains("cron"));
  EXPECT_EQ(post("/v0/pipes/flights/sink/pause").status, 409);
}

TEST_F(SchedulesTest, MistakesAreTold) {
  make_flights();
  EXPECT_EQ(patch("schedule_cron=@daily").status, 400) << "no sink";
  EXPECT_EQ(post("/v0/pipes/none/sink/pause").status, 404);
}

TEST_F(SchedulesTest, MistakesOfASinkAreTold) {
  make_sink();
  EXPECT_THAT(patch("schedule_cron=@daily&schedule_timezone=Europe/Berlim").error(),
              HasSubstr("Europe/Berlin"));
  EXPECT_THAT(patch("schedule_cron=@daily&schedule_overlap=wait").error(), HasSubstr("replace"));
  EXPECT_THAT(patch("schedule_cron=@once").error(), HasSubstr("@once"));
  EXPECT_THAT(patch("format=csv").error(), HasSubstr("format"));
  EXPECT_EQ(get("/v0/pipes/flights").body["schedule"], json::object());
}

TEST_F(SchedulesTest, Preview) {
  Answer answer = post("/v0/schedules/preview", "cron=0 */1 * * *");
  ASSERT_EQ(answer.status, 200) << answer.error();
  EXPECT_EQ(answer.body["description"], "every hour, on the hour, UTC");
  EXPECT_EQ(answer.body["timezone"], "Etc/UTC");
  EXPECT_EQ(answer.body["next_runs"][0], "2026-11-23 09:00:00.000000");
  EXPECT_EQ(post("/v0/schedules/preview").status, 400);
  EXPECT_EQ(post("/v0/schedules/preview", "cron=0 0 30 2 *").status, 400);
  EXPECT_EQ(post("/v0/schedules/preview", "cron=@daily&zone=UTC").status, 400);
}

}  // namespace
}  // namespace sluice

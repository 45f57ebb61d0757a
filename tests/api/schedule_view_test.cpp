#include "api/schedule_view.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace sluice {
namespace {

using nlohmann::json;

TEST(ScheduleView, NextFiveRunsAndWhatItMeans) {
  EXPECT_EQ(schedule_view({}), json::object());
  Schedule schedule = sample_schedule(kMorning, "30 * * * *");
  json view = schedule_view(schedule);
  EXPECT_EQ(view["status"], "running");
  EXPECT_EQ(view["description"], "every hour, at 30 minutes past, UTC");
  EXPECT_EQ(view["next_runs"].size(), 5U);
  EXPECT_EQ(view["next_runs"][0], view["next_run_at"]);
  EXPECT_EQ(view["next_runs"][4], "2026-11-23 12:30:00.000000");
  schedule.paused = true;
  view = schedule_view(schedule);
  EXPECT_EQ(view["status"], "paused");
  EXPECT_TRUE(view["next_runs"].empty());
}

TEST(ScheduleView, AZoneThatIsGoneIsNoReasonToFail) {
  Schedule schedule = sample_schedule(kMorning);
  schedule.timezone = "Europe/Atlantis";
  const json view = schedule_view(schedule);
  EXPECT_EQ(view["timezone"], "Europe/Atlantis");
  EXPECT_TRUE(view["description"].is_null());
}

TEST(ScheduleView, OfAPreview) {
  const ScheduleTimes times(CronExpression::parse("@daily"), TimeZone::find("Europe/Berlin"));
  const json view = schedule_preview_view(times, kMorning);
  EXPECT_EQ(view["cron"], "@daily");
  EXPECT_EQ(view["timezone"], "Europe/Berlin");
  EXPECT_EQ(view["description"], "every day at 00:00, Europe/Berlin");
  EXPECT_EQ(view["next_runs"][0], "2026-11-23 23:00:00.000000");
  EXPECT_EQ(view["next_runs"].size(), 5U);
}

TEST(ScheduleView, OfMissedRuns) {
  const json rows = missed_view({{"t_pipe_p", "p", {kMorning, kMorning, 3}, "job", kMorning},
                                 {"t_pipe_p", "p", {kMorning, kMorning, 1}, "", kMorning}});
  EXPECT_EQ(rows[0]["runs"], 3);
  EXPECT_EQ(rows[0]["covered_by"], "job");
  EXPECT_EQ(rows[0]["reason"], "downtime");
  EXPECT_TRUE(rows[1]["covered_by"].is_null());
}

}  // namespace
}  // namespace sluice

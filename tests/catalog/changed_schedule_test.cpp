#include "catalog/changed_schedule.h"

#include <gtest/gtest.h>

#include "support/caught.h"
#include "support/samples.h"

namespace sluice {
namespace {

using std::chrono::minutes;

TEST(ChangedSchedule, WhatIsNotSaidStays) {
  SinkParameters parameters;
  EXPECT_FALSE(says_of_schedule(parameters));
  parameters.schedule_cron = "0 8 * * *";
  parameters.schedule_timezone = "europe/berlin";
  parameters.schedule_overlap = "skip";
  parameters.schedule_catchup = "all";
  parameters.schedule_catchup_limit = "5";
  parameters.schedule_jitter = "2m";
  EXPECT_TRUE(says_of_schedule(parameters));
  Schedule schedule = changed_schedule({}, parameters, kMorning).value();
  EXPECT_EQ(schedule.cron, "0 8 * * *");
  EXPECT_EQ(schedule.timezone, "Europe/Berlin");
  EXPECT_EQ(schedule.overlap, OverlapPolicy::kSkip);
  EXPECT_EQ(schedule.catchup, CatchupPolicy::kAll);
  EXPECT_EQ(schedule.catchup_limit, 5U);
  EXPECT_EQ(schedule.jitter, minutes(2));
  EXPECT_EQ(schedule.next_run_at, parse_timestamp("2026-11-24 07:00:00"));
  schedule.covered_until = kMorning;
  schedule.paused = true;

  SinkParameters only_zone;
  only_zone.schedule_timezone = "UTC";
  const Schedule moved = changed_schedule(schedule, only_zone, kMorning).value();
  EXPECT_EQ(moved.cron, "0 8 * * *");
  EXPECT_EQ(moved.timezone, "Etc/UTC");
  EXPECT_EQ(moved.overlap, OverlapPolicy::kSkip);
  EXPECT_EQ(moved.next_run_at, parse_timestamp("2026-11-24 08:00:00"));
  EXPECT_EQ(moved.covered_until, kMorning);
  EXPECT_TRUE(moved.paused);
}

TEST(ChangedSchedule, NoneIsNone) {
  SinkParameters parameters;
  parameters.schedule_cron = "@on-demand";
  EXPECT_FALSE(changed_schedule(Schedule{}, parameters, kMorning));
  parameters.schedule_cron.reset();
  parameters.schedule_timezone = "UTC";
  EXPECT_FALSE(changed_schedule({}, parameters, kMorning)) << "there is nothing to keep it";
}

TEST(ChangedSchedule, MistakesAreToldAlsoWithoutASchedule) {
  SinkParameters parameters;
  parameters.schedule_timezone = "Mars/Olympus";
  EXPECT_ERROR(changed_schedule({}, parameters, kMorning), kInvalid);
  parameters = {};
  parameters.schedule_jitter = "soon";
  EXPECT_ERROR(changed_schedule({}, parameters, kMorning), kInvalid);
}

}  // namespace
}  // namespace sluice

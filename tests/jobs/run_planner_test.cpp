#include "jobs/run_planner.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "domain/run_variables.h"
#include "support/samples.h"

namespace sluice {
namespace {

using std::chrono::hours;

class RunPlannerTest : public testing::Test {
 protected:
  RunPlannerTest() { pipe_.sink = sample_sink(pipe_, sample_connection("disk")); }

  Pipe pipe_ = sample_pipe("flights");
};

TEST_F(RunPlannerTest, TheJobIsOfThePipeAndItsPlanKnowsItsInterval) {
  Job job;
  job.id = "1";
  job.scheduled_at = kMorning + hours(2);
  job.interval = Interval{kMorning, kMorning + hours(1)};
  RunVariables seen;
  const Job planned = planned_job(
      job, pipe_,
      [&](const Pipe& pipe, const RunVariables& variables) {
        seen = variables;
        JobPlan plan;
        plan.settings = pipe.sink->settings;
        return plan;
      },
      kMorning + hours(3));
  EXPECT_EQ(planned.id, "1");
  EXPECT_EQ(planned.pipe_name, "flights");
  EXPECT_EQ(planned.node_id, "t_node_flights_0");
  EXPECT_EQ(planned.status, JobStatus::kWaiting);
  EXPECT_EQ(planned.created_at, kMorning + hours(3));
  EXPECT_EQ(planned.plan.settings.path, "local://out");
  EXPECT_EQ(seen, interval_variables(kMorning + hours(2), *job.interval));
}

TEST_F(RunPlannerTest, WithoutAnIntervalThereAreNoVariablesOfOne) {
  RunVariables seen{{"x", "y"}};
  planned_job(
      Job(), pipe_,
      [&](const Pipe&, const RunVariables& variables) {
        seen = variables;
        return JobPlan();
      },
      kMorning);
  EXPECT_TRUE(seen.empty());
}

TEST_F(RunPlannerTest, WhatCanNotBePlannedStandsInTheHistoryAsFailed) {
  const Job planned = planned_job(
      Job(), pipe_,
      [](const Pipe&, const RunVariables&) -> JobPlan {
        throw Error(ErrorCode::kInvalid, "No such column.");
      },
      kMorning);
  EXPECT_EQ(planned.status, JobStatus::kError);
  EXPECT_EQ(planned.stage, JobStage::kFinished);
  EXPECT_EQ(planned.error, "No such column.");
  EXPECT_EQ(planned.plan.settings.path, "local://out");
}

}  // namespace
}  // namespace sluice

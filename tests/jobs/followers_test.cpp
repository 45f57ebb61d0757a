#include "jobs/followers.h"

#include <gtest/gtest.h>

#include "jobs/jobs_world.h"

namespace sluice {
namespace {

using std::chrono::hours;

class FollowersTest : public testing::Test, protected JobsWorld {
 protected:
  FollowersTest() {
    make("flights", "");
    make("second", "flights");
    make("third", "second");
  }
  void make(const std::string& name, const std::string& after) {
    Pipe pipe = sample_pipe(name);
    pipe.sink = sample_sink(pipe, sample_connection("disk"));
    pipe.sink->settings.path = "local://" + name;
    if (!after.empty()) pipe.sink->run_after = PipeName{"t_pipe_" + after, after};
    pipes.insert(pipe);
  }

  Followers followers_{pipes,
                       [](const Pipe& pipe, const RunVariables& variables) {
                         JobPlan plan = sample_job("x").plan;
                         plan.settings = pipe.sink->settings;
                         plan.variables = variables;
                         return plan;
                       },
                       clock, random};
};

TEST_F(FollowersTest, TheNextInTheChainForTheSameInterval) {
  Job done = sample_job("1");
  done.scheduled_at = kMorning;
  done.interval = Interval{kMorning - hours(1), kMorning};
  const std::vector<Job> next = followers_.of(done);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].pipe_name, "second");
  EXPECT_EQ(next[0].trigger, JobTrigger::kChained);
  EXPECT_EQ(next[0].after_job, "1");
  EXPECT_EQ(next[0].interval->begin, kMorning - hours(1));
  EXPECT_EQ(next[0].plan.variables.at("interval_end"), "2026-11-23 08:30:00.000000");
  EXPECT_TRUE(next[0].alone);
}

TEST_F(FollowersTest, NoneAfterABackfill) {
  Job done = sample_job("1");
  done.trigger = JobTrigger::kBackfill;
  EXPECT_TRUE(followers_.of(done).empty());
}

TEST_F(FollowersTest, TheWholeChainRunsOneAfterTheOther) {
  JobRunner chained(
      {jobs, connections, *engine, stores, clock, random, test_limits(), 3, &followers_});
  WorkerPool pool(jobs, chained, budget, clock);
  enqueue("1", "SELECT 1 AS a");
  int runs = 0;
  while (pool.run_one()) ++runs;
  EXPECT_EQ(runs, 3);
  for (const Job& job : jobs.list({}).jobs) EXPECT_EQ(job.status, JobStatus::kDone) << job.error;
  EXPECT_EQ(bucket.objects().size(), 3U);
}

TEST_F(FollowersTest, NothingFollowsWhatFailed) {
  JobRunner chained(
      {jobs, connections, *engine, stores, clock, random, test_limits(), 3, &followers_});
  WorkerPool pool(jobs, chained, budget, clock);
  enqueue("1", "SELECT json('x') AS a");
  while (pool.run_one()) {
  }
  EXPECT_EQ(jobs.list({}).jobs.size(), 1U);
}

}  // namespace
}  // namespace sluice

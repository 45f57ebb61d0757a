#include "jobs/cron_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

class CronLoopTest : public testing::Test, protected JobsWorld {
 protected:
  Pipe schedule(const std::string& name, const std::string& cron, Timestamp next_run_at,
                bool paused = false) {
    const Pipe pipe = sample_pipe(name);
    pipes.insert(pipe);
    Sink sink = sample_sink(pipe, sample_connection("disk"));
    sink.schedule = sample_schedule(next_run_at, cron);
    sink.schedule->paused = paused;
    pipes.set_sink(pipe.id, sink, clock.now());
    return pipe;
  }
  Schedule schedule_of(const Pipe& pipe) { return *pipes.find(pipe.id)->sink->schedule; }
  std::vector<Job> all() { return jobs.list({}).jobs; }

  CronLoop cron_{pipes,
                 jobs,
                 workers,
                 [this](const Pipe& pipe) {
                   if (plan_failure_) throw Error(*plan_failure_, "The plan failed.");
                   JobPlan plan = sample_job("x").plan;
                   plan.settings = pipe.sink->settings;
                   return plan;
                 },
                 clock,
                 random};
  std::optional<ErrorCode> plan_failure_;
};

TEST_F(CronLoopTest, FiresOnceAndMovesOn) {
  const Pipe pipe = schedule("flights", "* * * * *", kMorning);
  EXPECT_EQ(cron_.tick(kMorning - seconds(1)), 0U);
  EXPECT_EQ(cron_.tick(kMorning), 1U);
  EXPECT_EQ(cron_.tick(kMorning), 0U);
  ASSERT_EQ(all().size(), 1U);
  const Job job = all()[0];
  EXPECT_EQ(job.status, JobStatus::kWaiting);
  EXPECT_EQ(job.trigger, JobTrigger::kScheduled);
  EXPECT_EQ(job.scheduled_at, kMorning);
  EXPECT_EQ(job.created_at, kMorning);
  EXPECT_EQ(job.pipe_id, pipe.id);
  EXPECT_EQ(job.pipe_name, "flights");
  EXPECT_EQ(job.node_id, pipe.nodes[0].id);
  EXPECT_EQ(schedule_of(pipe).next_run_at, kMorning + minutes(1));
  EXPECT_EQ(schedule_of(pipe).last_run_at, kMorning);
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(this->job(job.id).status, JobStatus::kDone);
}

TEST_F(CronLoopTest, EveryMinuteOnTheMinute) {
  schedule("flights", "* * * * *", kMorning);
  for (int second = 0; second < 180; ++second) cron_.tick(kMorning + seconds(second));
  std::vector<Job> fired = all();
  ASSERT_EQ(fired.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fired[static_cast<size_t>(2 - i)].created_at, kMorning + minutes(i));
  }
}

TEST_F(CronLoopTest, AfterDowntimeOnceForTheLatestTimeMissed) {
  const Pipe hourly = schedule("hourly", "30 * * * *", kMorning);
  const Pipe minutely = schedule("minutely", "* * * * *", kMorning - hours(24 * 365));
  const Pipe rare = schedule("rare", "0 0 1 1 *", kMorning - hours(24 * 365));
  const Timestamp now = kMorning + hours(5) + minutes(7) + seconds(3);
  EXPECT_EQ(cron_.tick(now), 3U);
  EXPECT_EQ(cron_.tick(now), 0U);
  for (const Job& job : all()) {
    if (job.pipe_name == "hourly") {
      EXPECT_EQ(job.scheduled_at, kMorning + hours(5));
    }
    if (job.pipe_name == "minutely") {
      EXPECT_EQ(job.scheduled_at, now - seconds(3));
    }
    if (job.pipe_name == "rare") {
      EXPECT_EQ(job.scheduled_at, parse_timestamp("2026-01-01 00:00:00"));
    }
  }
  EXPECT_EQ(schedule_of(hourly).next_run_at, kMorning + hours(6));
  EXPECT_EQ(schedule_of(hourly).last_run_at, kMorning + hours(5));
  EXPECT_EQ(schedule_of(minutely).next_run_at, now - seconds(3) + minutes(1));
  EXPECT_EQ(schedule_of(rare).next_run_at, parse_timestamp("2027-01-01 00:00:00"));
}

TEST_F(CronLoopTest, APlanThatFailsIsAJobThatFailed) {
  const Pipe pipe = schedule("flights", "* * * * *", kMorning);
  schedule("other", "* * * * *", kMorning + minutes(1));
  plan_failure_ = ErrorCode::kNotFound;
  EXPECT_EQ(cron_.tick(kMorning), 1U);
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all()[0].status, JobStatus::kError);
  EXPECT_EQ(all()[0].stage, JobStage::kFinished);
  EXPECT_EQ(all()[0].error_code, "not_found");
  EXPECT_THAT(all()[0].error, HasSubstr("The plan failed."));
  EXPECT_EQ(schedule_of(pipe).next_run_at, kMorning + minutes(1)) << "it goes on";
  EXPECT_FALSE(workers.run_one());
  plan_failure_.reset();
  EXPECT_EQ(cron_.tick(kMorning + minutes(1)), 2U);
  EXPECT_TRUE(workers.run_one());
}

TEST_F(CronLoopTest, ABrokenScheduleDoesNotHoldTheOthers) {
  schedule("broken", "not cron", kMorning - minutes(1));
  const Pipe good = schedule("good", "* * * * *", kMorning);
  EXPECT_EQ(cron_.tick(kMorning), 1U);
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all()[0].pipe_id, good.id);
}

TEST_F(CronLoopTest, PausedSchedulesRest) {
  schedule("flights", "* * * * *", kMorning, true);
  EXPECT_EQ(cron_.tick(kMorning + hours(1)), 0U);
}

TEST_F(CronLoopTest, TwoTicksAtOnceFireOnce) {
  for (int i = 0; i < 5; ++i) schedule("p" + std::to_string(i), "* * * * *", kMorning);
  CronLoop other(
      pipes, jobs, workers, [](const Pipe&) { return sample_job("x").plan; }, clock, random);
  std::atomic<size_t> fired = 0;
  {
    std::jthread first([&] { fired += cron_.tick(kMorning); });
    std::jthread second([&] { fired += other.tick(kMorning); });
  }
  EXPECT_EQ(fired, 5U);
  EXPECT_EQ(all().size(), 5U);
}

TEST_F(CronLoopTest, TheThreadTicksAndStops) {
  schedule("flights", "* * * * *", *parse_timestamp("2020-01-01 00:00:00"));
  const auto system_clock = make_system_clock();
  std::binary_semaphore planned{0};
  CronLoop loop(
      pipes, jobs, workers,
      [&](const Pipe&) {
        planned.release();
        return sample_job("x").plan;
      },
      *system_clock, random);
  loop.start();
  planned.acquire();
  loop.stop();
  EXPECT_EQ(all().size(), 1U);
}

}  // namespace
}  // namespace sluice

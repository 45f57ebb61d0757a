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
                bool paused = false, OverlapPolicy overlap = OverlapPolicy::kQueue) {
    const Pipe pipe = sample_pipe(name);
    pipes.insert(pipe);
    Sink sink = sample_sink(pipe, sample_connection("disk"));
    sink.schedule = sample_schedule(next_run_at, cron);
    sink.schedule->paused = paused;
    sink.schedule->overlap = overlap;
    pipes.set_sink(pipe.id, sink, clock.now());
    return pipe;
  }
  Schedule schedule_of(const Pipe& pipe) { return *pipes.find(pipe.id)->sink->schedule; }
  std::vector<Job> all() { return jobs.list({}).jobs; }

  CronLoop cron_{pipes,
                 schedules,
                 workers,
                 [this](const Pipe& pipe, const RunVariables& variables) {
                   if (plan_failure_) throw Error(*plan_failure_, "The plan failed.");
                   JobPlan plan = sample_job("x").plan;
                   plan.settings = pipe.sink->settings;
                   plan.variables = variables;
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
  schedule("flights", "* * * * *", kMorning, false, OverlapPolicy::kAllow);
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

TEST_F(CronLoopTest, RunsKnowTheTimeTheyCover) {
  const Pipe pipe = schedule("flights", "*/30 * * * *", kMorning);
  cron_.tick(kMorning);
  EXPECT_EQ(all()[0].interval->begin, kMorning - minutes(30));
  EXPECT_EQ(all()[0].interval->end, kMorning);
  EXPECT_EQ(all()[0].plan.variables,
            (RunVariables{{"scheduled_at", format_timestamp(kMorning)},
                          {"interval_start", format_timestamp(kMorning - minutes(30))},
                          {"interval_end", format_timestamp(kMorning)}}));
  EXPECT_EQ(schedule_of(pipe).covered_until, kMorning);
  while (workers.run_one()) {
  }
  // Down for three hours: one run covers them, and what it stands for is told.
  cron_.tick(kMorning + hours(3));
  EXPECT_EQ(all()[0].interval->begin, kMorning);
  EXPECT_EQ(all()[0].interval->end, kMorning + hours(3));
  const std::vector<MissedRow> missed = schedules.missed(pipe.id, 10);
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(missed[0].runs.count, 5U);
  EXPECT_EQ(missed[0].covered_by, all()[0].id);
}

TEST_F(CronLoopTest, JitterDelaysTheFiringNotItsTime) {
  const Pipe pipe = schedule("flights", "*/30 * * * *", kMorning);
  Schedule changed = schedule_of(pipe);
  changed.jitter = minutes(10);
  schedules.change(
      {pipe.id, pipe.name},
      [&](Schedule& schedule) -> std::optional<MissedRuns> {
        schedule = changed;
        return std::nullopt;
      },
      kMorning);
  cron_.tick(kMorning);
  EXPECT_TRUE(workers.run_one());
  const Schedule after = schedule_of(pipe);
  EXPECT_EQ(after.next_run_at, kMorning + minutes(30));
  EXPECT_GE(after.fires_at, after.next_run_at);
  EXPECT_LE(*after.fires_at, *after.next_run_at + minutes(10));
  EXPECT_EQ(cron_.tick(*after.fires_at - seconds(1)), 0U);
  EXPECT_EQ(cron_.tick(*after.fires_at), 1U);
  EXPECT_EQ(all()[0].scheduled_at, kMorning + minutes(30));
}

TEST_F(CronLoopTest, MoreThanOneTransactionHolds) {
  for (int i = 0; i < 450; ++i) schedule("p" + std::to_string(i), "* * * * *", kMorning);
  EXPECT_EQ(cron_.tick(kMorning), 450U);
  EXPECT_EQ(cron_.tick(kMorning), 0U);
}

TEST_F(CronLoopTest, AClockThatJumpsFiresNothingTwice) {
  const Pipe pipe = schedule("flights", "*/30 * * * *", kMorning);
  EXPECT_EQ(cron_.tick(kMorning), 1U);
  EXPECT_EQ(cron_.tick(kMorning - hours(24)), 0U) << "back by a day";
  EXPECT_EQ(cron_.tick(kMorning + minutes(1)), 0U);
  while (workers.run_one()) {
  }
  EXPECT_EQ(cron_.tick(kMorning + hours(24)), 1U) << "on by a day";
  EXPECT_EQ(all().size(), 2U);
  EXPECT_EQ(all()[0].interval->begin, kMorning);
  EXPECT_EQ(cron_.tick(kMorning + minutes(30)), 0U) << "and back again";
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
      pipes, schedules, workers,
      [](const Pipe&, const RunVariables&) { return sample_job("x").plan; }, clock, random);
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
      pipes, schedules, workers,
      [&](const Pipe&, const RunVariables&) {
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

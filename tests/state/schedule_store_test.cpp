#include "state/schedule_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"
#include "support/schedule_world.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

class ScheduleStoreTest : public testing::Test, protected ScheduleWorld {
 protected:
  void put(const Pipe& pipe, const Schedule& to) {
    schedules.change(
        {pipe.id, pipe.name},
        [&](Schedule& schedule) -> std::optional<MissedRuns> {
          schedule = to;
          return std::nullopt;
        },
        kMorning);
  }
  Schedule change(const Pipe& pipe, OverlapPolicy overlap,
                  CatchupPolicy catchup = CatchupPolicy::kLatest) {
    Schedule schedule = schedule_of_pipe(pipe);
    schedule.overlap = overlap;
    schedule.catchup = catchup;
    put(pipe, schedule);
    return schedule_of_pipe(pipe);
  }
  /// What fires at `now`, with jobs named `<prefix>0`, `<prefix>1`...
  Firing firing(const Pipe& pipe, Timestamp now, const std::string& prefix) {
    const Schedule schedule = schedule_of_pipe(pipe);
    Firing firing{{pipe.id, schedule}, plan_firing(schedule, now), {}, pipe.name, {}};
    firing.fires_at = firing.plan.next_run_at;
    for (const FiringPlan::Run& run : firing.plan.runs) {
      Job job = sample_job(prefix + std::to_string(firing.jobs.size()), now);
      job.trigger = JobTrigger::kScheduled;
      job.pipe_id = pipe.id;
      job.pipe_name = pipe.name;
      job.scheduled_at = run.scheduled_at;
      job.interval = run.interval;
      firing.jobs.push_back(job);
    }
    return firing;
  }
  Fired fire(const Pipe& pipe, Timestamp now, const std::string& prefix) {
    return schedules.fire({firing(pipe, now, prefix)}, now);
  }
  Job job(const std::string& id) { return jobs.find(id).value(); }
};

TEST_F(ScheduleStoreTest, ThoseThatAreDue) {
  scheduled("later", kMorning + minutes(2));
  scheduled("second", kMorning);
  scheduled("first", kMorning - minutes(2));
  scheduled("paused", kMorning - minutes(3), true);
  EXPECT_EQ(schedules.next_due(), kMorning - minutes(2));
  std::vector<std::string> due;
  for (const DueSchedule& schedule : schedules.due(kMorning, 10)) {
    due.push_back(schedule.pipe_id);
    EXPECT_EQ(schedule.schedule.cron, "* * * * *");
  }
  EXPECT_THAT(due, ElementsAre("t_pipe_first", "t_pipe_second"));
  EXPECT_EQ(schedules.due(kMorning, 1).size(), 1U);
  EXPECT_TRUE(schedules.due(kMorning - minutes(5), 10).empty());
}

TEST_F(ScheduleStoreTest, NothingIsDueWithoutSchedules) {
  EXPECT_EQ(schedules.next_due(), std::nullopt);
  EXPECT_TRUE(schedules.due(kMorning, 10).empty());
}

TEST_F(ScheduleStoreTest, FiresOnce) {
  const Pipe pipe = scheduled("flights", kMorning);
  const Firing once = firing(pipe, kMorning, "a");
  const Fired fired = schedules.fire({once}, kMorning);
  EXPECT_EQ(fired.schedules, 1U);
  EXPECT_EQ(fired.jobs, 1U);
  EXPECT_EQ(schedules.fire({once}, kMorning).schedules, 0U) << "the schedule has moved on";
  EXPECT_EQ(job("a0").trigger, JobTrigger::kScheduled);
  EXPECT_EQ(job("a0").scheduled_at, kMorning);
  EXPECT_EQ(job("a0").interval->begin, kMorning - minutes(1));
  EXPECT_TRUE(job("a0").alone);
  const Schedule schedule = schedule_of_pipe(pipe);
  EXPECT_EQ(schedule.next_run_at, kMorning + minutes(1));
  EXPECT_EQ(schedule.last_run_at, kMorning);
  EXPECT_EQ(schedule.covered_until, kMorning);
}

TEST_F(ScheduleStoreTest, AScheduleThatWasChangedMeanwhileDoesNotFire) {
  const Pipe pipe = scheduled("flights", kMorning);
  const Firing old = firing(pipe, kMorning, "a");
  Schedule changed = schedule_of_pipe(pipe);
  changed.timezone = "Europe/Berlin";
  put(pipe, changed);
  EXPECT_EQ(schedules.fire({old}, kMorning).schedules, 0U);
  changed.timezone = "Etc/UTC";
  changed.paused = true;
  put(pipe, changed);
  EXPECT_EQ(schedules.fire({old}, kMorning).schedules, 0U);
  pipes.remove_sink(pipe.id, kMorning);
  EXPECT_ERROR(put(pipe, changed), kNotFound);
}

TEST_F(ScheduleStoreTest, AFiringThatFailsMovesNothing) {
  const Pipe pipe = scheduled("flights", kMorning);
  const Pipe other = scheduled("other", kMorning);
  jobs.enqueue(sample_job("a0"), 10);
  EXPECT_ERROR(
      schedules.fire({firing(other, kMorning, "b"), firing(pipe, kMorning, "a")}, kMorning),
      kInternal)
      << "the id is taken";
  EXPECT_EQ(schedule_of_pipe(pipe).next_run_at, kMorning);
  EXPECT_EQ(schedule_of_pipe(other).next_run_at, kMorning);
  EXPECT_FALSE(jobs.find("b0"));
}

TEST_F(ScheduleStoreTest, SkipLeavesOutWhatWouldOverlap) {
  const Pipe pipe = scheduled("flights", kMorning);
  change(pipe, OverlapPolicy::kSkip);
  fire(pipe, kMorning, "a");
  const Fired held = fire(pipe, kMorning + minutes(1), "b");
  EXPECT_EQ(held.schedules, 1U);
  EXPECT_EQ(held.jobs, 0U);
  const std::vector<MissedRow> missed = schedules.missed(pipe.id, 10);
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(missed[0].runs.reason, MissedReason::kOverlap);
  EXPECT_EQ(missed[0].runs.first, kMorning + minutes(1));
  // What was left out is covered by the next run.
  jobs.claim(kMorning);
  Job done = job("a0");
  done.status = JobStatus::kDone;
  jobs.finish(done, {}, kMorning);
  EXPECT_EQ(fire(pipe, kMorning + minutes(2), "c").jobs, 1U);
  EXPECT_EQ(job("c0").interval->begin, kMorning);
}

TEST_F(ScheduleStoreTest, QueueLetsOneWait) {
  const Pipe pipe = scheduled("flights", kMorning);
  fire(pipe, kMorning, "a");
  ASSERT_EQ(jobs.claim(kMorning)->id, "a0");
  EXPECT_EQ(fire(pipe, kMorning + minutes(1), "b").jobs, 1U);
  EXPECT_EQ(fire(pipe, kMorning + minutes(2), "c").jobs, 0U) << "one waits already";
  EXPECT_FALSE(jobs.claim(kMorning + minutes(2))) << "it waits for the other";
  Job done = job("a0");
  done.status = JobStatus::kDone;
  jobs.finish(done, {}, kMorning);
  EXPECT_EQ(jobs.claim(kMorning + minutes(2))->id, "b0");
}

TEST_F(ScheduleStoreTest, QueuedRunsThatMakeUpForMissedOnesAllWait) {
  const Pipe pipe = scheduled("flights", kMorning);
  change(pipe, OverlapPolicy::kQueue, CatchupPolicy::kAll);
  EXPECT_EQ(fire(pipe, kMorning + minutes(4), "a").jobs, 5U);
  EXPECT_EQ(jobs.claim(kMorning)->id, "a0");
  EXPECT_FALSE(jobs.claim(kMorning)) << "one after the other";
  EXPECT_EQ(fire(pipe, kMorning + minutes(5), "b").jobs, 1U) << "nothing is left out";
}

TEST_F(ScheduleStoreTest, AllowRunsBeside) {
  const Pipe pipe = scheduled("flights", kMorning);
  change(pipe, OverlapPolicy::kAllow);
  fire(pipe, kMorning, "a");
  fire(pipe, kMorning + minutes(1), "b");
  EXPECT_TRUE(jobs.claim(kMorning + minutes(1)));
  EXPECT_TRUE(jobs.claim(kMorning + minutes(1)));
}

TEST_F(ScheduleStoreTest, ReplaceEndsTheOthersAndTakesOverTheirTime) {
  const Pipe pipe = scheduled("flights", kMorning);
  change(pipe, OverlapPolicy::kReplace);
  fire(pipe, kMorning, "a");
  fire(pipe, kMorning + minutes(1), "b");
  EXPECT_EQ(job("a0").status, JobStatus::kCancelled);
  EXPECT_THAT(job("a0").error, HasSubstr("job b0"));
  EXPECT_EQ(job("b0").interval->begin, kMorning - minutes(1));
  jobs.claim(kMorning + minutes(1));
  const Fired fired = fire(pipe, kMorning + minutes(2), "c");
  EXPECT_THAT(fired.stop, ElementsAre("b0"));
  EXPECT_EQ(job("b0").status, JobStatus::kCancelling);
  EXPECT_EQ(job("c0").interval->begin, kMorning - minutes(1));
  EXPECT_FALSE(jobs.claim(kMorning + minutes(2))) << "the other has not ended";
}

TEST_F(ScheduleStoreTest, WhatPublishesIsNotReplaced) {
  const Pipe pipe = scheduled("flights", kMorning);
  change(pipe, OverlapPolicy::kReplace);
  fire(pipe, kMorning, "a");
  jobs.claim(kMorning);
  jobs.begin_publishing("a0", {}, {}, kMorning);
  const Fired fired = fire(pipe, kMorning + minutes(1), "b");
  EXPECT_TRUE(fired.stop.empty());
  EXPECT_EQ(job("a0").status, JobStatus::kWorking);
  EXPECT_EQ(job("b0").interval->begin, kMorning);
}

TEST_F(ScheduleStoreTest, WhatWasMissedIsTold) {
  const Pipe pipe = scheduled("flights", kMorning - hours(3));
  fire(pipe, kMorning, "a");
  std::vector<MissedRow> missed = schedules.missed(pipe.id, 10);
  ASSERT_EQ(missed.size(), 1U);
  EXPECT_EQ(missed[0].pipe_name, "flights");
  EXPECT_EQ(missed[0].runs.count, 180U);
  EXPECT_EQ(missed[0].runs.reason, MissedReason::kDowntime);
  EXPECT_EQ(missed[0].covered_by, "a0");
  EXPECT_EQ(missed[0].noted_at, kMorning);
  change(pipe, OverlapPolicy::kAllow, CatchupPolicy::kNone);
  EXPECT_EQ(fire(pipe, kMorning + hours(1) + minutes(1), "b").jobs, 1U) << "the latest is on time";
  missed = schedules.missed(pipe.id, 1);
  EXPECT_EQ(missed[0].covered_by, "");
  EXPECT_EQ(missed[0].runs.count, 60U);
}

}  // namespace
}  // namespace sluice

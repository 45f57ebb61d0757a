#include "domain/firing.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Every hour at half past; due at kMorning, 08:30.
Schedule hourly(CatchupPolicy catchup = CatchupPolicy::kLatest) {
  Schedule schedule = sample_schedule(kMorning, "30 * * * *");
  schedule.catchup = catchup;
  return schedule;
}

/// `08:30 07:30-08:30`: when it is scheduled, and the interval.
std::string shown(const FiringPlan::Run& run) {
  auto hour = [](Timestamp time) { return format_timestamp(time).substr(11, 5); };
  return hour(run.scheduled_at) + " " + hour(run.interval.begin) + "-" + hour(run.interval.end);
}

TEST(Firing, OnTime) {
  for (const CatchupPolicy policy :
       {CatchupPolicy::kNone, CatchupPolicy::kLatest, CatchupPolicy::kAll}) {
    const FiringPlan plan = plan_firing(hourly(policy), kMorning + seconds(1));
    ASSERT_EQ(plan.runs.size(), 1U);
    EXPECT_EQ(shown(plan.runs[0]), "08:30 07:30-08:30");
    EXPECT_FALSE(plan.missed);
    EXPECT_EQ(plan.next_run_at, kMorning + hours(1));
  }
}

TEST(Firing, TheIntervalBeginsWhereTheLastOneEnded) {
  Schedule schedule = hourly();
  schedule.covered_until = kMorning - hours(5);
  EXPECT_EQ(shown(plan_firing(schedule, kMorning).runs[0]), "08:30 03:30-08:30");
  schedule.catchup = CatchupPolicy::kNone;
  EXPECT_EQ(shown(plan_firing(schedule, kMorning).runs[0]), "08:30 07:30-08:30");
  // A clock that was put back: never an interval that ends before it begins.
  schedule.catchup = CatchupPolicy::kLatest;
  schedule.covered_until = kMorning + hours(5);
  EXPECT_EQ(shown(plan_firing(schedule, kMorning).runs[0]), "08:30 07:30-08:30");
}

TEST(Firing, LatestIsOneRunForAllThatWasMissed) {
  const FiringPlan plan = plan_firing(hourly(), kMorning + hours(3) + minutes(7));
  ASSERT_EQ(plan.runs.size(), 1U);
  EXPECT_EQ(shown(plan.runs[0]), "11:30 07:30-11:30");
  ASSERT_TRUE(plan.missed);
  EXPECT_EQ(plan.missed->first, kMorning);
  EXPECT_EQ(plan.missed->last, kMorning + hours(2));
  EXPECT_EQ(plan.missed->count, 3U);
  EXPECT_TRUE(plan.missed->covered);
  EXPECT_EQ(plan.next_run_at, kMorning + hours(4));
}

TEST(Firing, AllIsARunEach) {
  Schedule schedule = hourly(CatchupPolicy::kAll);
  FiringPlan plan = plan_firing(schedule, kMorning + hours(3) + minutes(7));
  ASSERT_EQ(plan.runs.size(), 4U);
  EXPECT_EQ(shown(plan.runs[0]), "08:30 07:30-08:30");
  EXPECT_EQ(shown(plan.runs[3]), "11:30 10:30-11:30");
  EXPECT_FALSE(plan.missed);
  // The limit leaves out the oldest.
  schedule.catchup_limit = 2;
  plan = plan_firing(schedule, kMorning + hours(3) + minutes(7));
  ASSERT_EQ(plan.runs.size(), 2U);
  EXPECT_EQ(shown(plan.runs[0]), "10:30 09:30-10:30");
  ASSERT_TRUE(plan.missed);
  EXPECT_EQ(plan.missed->count, 2U);
  EXPECT_EQ(plan.missed->last, kMorning + hours(1));
  EXPECT_FALSE(plan.missed->covered);
}

TEST(Firing, NoneLeavesOutWhatIsLate) {
  FiringPlan plan = plan_firing(hourly(CatchupPolicy::kNone), kMorning + hours(3) + minutes(7));
  EXPECT_TRUE(plan.runs.empty());
  ASSERT_TRUE(plan.missed);
  EXPECT_EQ(plan.missed->count, 4U);
  EXPECT_EQ(plan.missed->last, kMorning + hours(3));
  EXPECT_EQ(plan.next_run_at, kMorning + hours(4));
  // The latest is on time.
  plan = plan_firing(hourly(CatchupPolicy::kNone), kMorning + hours(3) + seconds(59));
  ASSERT_EQ(plan.runs.size(), 1U);
  EXPECT_EQ(shown(plan.runs[0]), "11:30 10:30-11:30");
  EXPECT_EQ(plan.missed->count, 3U);
  EXPECT_FALSE(plan.missed->covered);
}

TEST(Firing, AYearOfMinutes) {
  Schedule schedule = sample_schedule(kMorning - hours(24 * 365));
  const FiringPlan plan = plan_firing(schedule, kMorning);
  ASSERT_EQ(plan.runs.size(), 1U);
  EXPECT_EQ(plan.runs[0].scheduled_at, kMorning);
  EXPECT_EQ(plan.missed->count, MissedRuns::kMostCounted);
  EXPECT_EQ(plan.missed->last, kMorning - minutes(1));
}

TEST(Firing, ATimeThatTheExpressionNoLongerHasStillCounts) {
  Schedule schedule = hourly();
  schedule.next_run_at = kMorning + minutes(5);
  const FiringPlan plan = plan_firing(schedule, kMorning + minutes(6));
  ASSERT_EQ(plan.runs.size(), 1U);
  EXPECT_EQ(shown(plan.runs[0]), "08:35 08:30-08:35");
}

TEST(Firing, ReasonsByName) {
  for (const MissedReason reason : {MissedReason::kDowntime, MissedReason::kOverlap}) {
    EXPECT_EQ(parse_missed_reason(missed_reason_name(reason)), reason);
  }
}

}  // namespace
}  // namespace sluice

#include "catalog/schedule_catalog.h"

#include <gtest/gtest.h>

#include "catalog/catalog_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class ScheduleCatalogTest : public testing::Test, protected CatalogWorld {
 protected:
  ScheduleCatalogTest() {
    disk();
    pipe("flights", {"SELECT id, region FROM shop.orders"});
  }
  Pipe flights() { return pipes.find("flights").value(); }
  void make_sink(const std::string& file_template = "all") {
    SinkParameters parameters;
    parameters.connection = "disk";
    parameters.path = "local://out";
    parameters.file_template = file_template;
    sink_catalog.set(flights(), flights().nodes[0], parameters);
  }
  void change(const std::string& cron) {
    SinkParameters parameters;
    parameters.schedule_cron = cron;
    catalog_.change(flights(), parameters);
  }
  std::optional<Schedule> schedule() { return flights().sink->schedule; }

  ScheduleStore schedules_{database};
  ScheduleCatalog catalog_{pipes, schedules_, sink_catalog, clock};
};

TEST_F(ScheduleCatalogTest, SetChangedAndRemoved) {
  make_sink("{interval_start, '%Y-%m-%d'}_{scheduled_at, '%H'}");
  change("0 * * * *");
  EXPECT_EQ(schedule()->cron, "0 * * * *");
  EXPECT_EQ(schedule()->next_run_at, kMorning + minutes(30));
  change("@daily");
  EXPECT_EQ(schedule()->cron, "@daily");
  change("@on-demand");
  EXPECT_FALSE(schedule());
  EXPECT_TRUE(flights().sink) << "the sink stays";
}

TEST_F(ScheduleCatalogTest, WhatNeedsACallersVariableCanNotRunAlone) {
  make_sink("{region}_{who}");
  EXPECT_ERROR(change("0 * * * *"), kInvalid);
  EXPECT_FALSE(schedule());
}

TEST_F(ScheduleCatalogTest, PausedAndResumed) {
  EXPECT_ERROR(catalog_.pause(flights()), kInvalid) << "no sink";
  make_sink();
  EXPECT_ERROR(catalog_.pause(flights()), kConflict) << "no schedule";
  EXPECT_ERROR(catalog_.resume(flights()), kConflict);
  change("0 * * * *");
  catalog_.resume(flights());
  catalog_.pause(flights());
  catalog_.pause(flights());
  EXPECT_TRUE(schedule()->paused);
  clock.advance(hours(5));
  catalog_.resume(flights());
  EXPECT_FALSE(schedule()->paused);
  EXPECT_EQ(schedule()->next_run_at, kMorning + hours(5) + minutes(30));
  const std::vector<MissedRow> missed = catalog_.missed(flights(), 10);
  ASSERT_EQ(missed.size(), 1U) << "what passed meanwhile is not silent";
  EXPECT_EQ(missed[0].runs.count, 5U);
  EXPECT_EQ(missed[0].runs.first, kMorning + minutes(30));
  EXPECT_EQ(missed[0].runs.last, kMorning + hours(4) + minutes(30));
}

/// The caller's pipe was read before the schedule fired.
TEST_F(ScheduleCatalogTest, AFiringMeanwhileIsNotUndone) {
  make_sink();
  change("0 * * * *");
  const Pipe stale = flights();
  const Timestamp fired = *stale.sink->schedule->next_run_at;
  schedules_.change(
      {stale.id, stale.name},
      [&](Schedule& schedule) -> std::optional<MissedRuns> {
        schedule.next_run_at = schedule.fires_at = fired + hours(1);
        schedule.last_run_at = schedule.covered_until = fired;
        return std::nullopt;
      },
      fired);
  catalog_.pause(stale);
  EXPECT_EQ(schedule()->next_run_at, fired + hours(1));
  catalog_.resume(stale);
  EXPECT_EQ(schedule()->next_run_at, fired + hours(1));
  pipes.change_sink(stale.id, *stale.sink, fired);
  EXPECT_EQ(schedule()->next_run_at, fired + hours(1));
  EXPECT_EQ(schedule()->covered_until, fired);
}

TEST_F(ScheduleCatalogTest, UnderAllWhatPassedMeanwhileIsDue) {
  make_sink();
  SinkParameters parameters;
  parameters.schedule_cron = "0 * * * *";
  parameters.schedule_catchup = "all";
  catalog_.change(flights(), parameters);
  catalog_.pause(flights());
  clock.advance(hours(5));
  catalog_.resume(flights());
  EXPECT_EQ(schedule()->next_run_at, kMorning + minutes(30));
}

}  // namespace
}  // namespace sluice

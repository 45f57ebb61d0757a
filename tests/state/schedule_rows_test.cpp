#include "state/schedule_rows.h"

#include <gtest/gtest.h>

#include "state/state_database.h"
#include "support/samples.h"
#include "support/schedule_world.h"

namespace sluice {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class ScheduleRowsTest : public testing::Test, protected ScheduleWorld {
 protected:
  std::optional<Schedule> stored(const std::string& pipe_id) {
    return database.read([&](SQLite::Database& rows) { return schedule_of(rows, pipe_id); });
  }
};

TEST_F(ScheduleRowsTest, EveryFieldComesBackAndCanChange) {
  const Pipe pipe = scheduled("flights", kMorning);
  Schedule schedule;
  schedule.cron = "0 8 * * *";
  schedule.timezone = "Europe/Berlin";
  schedule.paused = true;
  schedule.overlap = OverlapPolicy::kReplace;
  schedule.catchup = CatchupPolicy::kAll;
  schedule.catchup_limit = 7;
  schedule.jitter = minutes(2);
  schedule.next_run_at = kMorning;
  schedule.fires_at = kMorning + minutes(1);
  schedule.last_run_at = kMorning - hours(1);
  schedule.covered_until = kMorning - hours(2);
  database.write([&](SQLite::Database& rows) {
    put_schedule(rows, pipe.id, schedule, format_timestamp(kMorning));
  });
  const Schedule back = stored(pipe.id).value();
  EXPECT_EQ(back.cron, schedule.cron);
  EXPECT_EQ(back.timezone, schedule.timezone);
  EXPECT_TRUE(back.paused);
  EXPECT_EQ(back.overlap, schedule.overlap);
  EXPECT_EQ(back.catchup, schedule.catchup);
  EXPECT_EQ(back.catchup_limit, 7U);
  EXPECT_EQ(back.jitter, minutes(2));
  EXPECT_EQ(back.next_run_at, schedule.next_run_at);
  EXPECT_EQ(back.fires_at, schedule.fires_at);
  EXPECT_EQ(back.last_run_at, schedule.last_run_at);
  EXPECT_EQ(back.covered_until, schedule.covered_until);
}

TEST_F(ScheduleRowsTest, WithoutJitterItFiresAtItsTime) {
  const Pipe pipe = scheduled("flights", kMorning);
  EXPECT_EQ(stored(pipe.id)->fires_at, kMorning);
  EXPECT_FALSE(stored("t_pipe_none"));
}

}  // namespace
}  // namespace sluice

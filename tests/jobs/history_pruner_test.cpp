#include "jobs/history_pruner.h"

#include <gtest/gtest.h>

#include "jobs/jobs_world.h"

namespace sluice {
namespace {

using std::chrono::hours;

class HistoryPrunerTest : public testing::Test, protected JobsWorld {};

TEST_F(HistoryPrunerTest, RemovesWhatEndedLongAgo) {
  HistoryPruner pruner(jobs, clock, hours(24));
  for (int i = 0; i < 900; ++i) enqueue(std::to_string(i), "SELECT 1");
  database.write([](SQLite::Database& state) {
    state.exec(
        "UPDATE jobs SET status = 'done', stage = 'finished', finished_at = created_at "
        "WHERE id != '7'");
  });
  EXPECT_EQ(pruner.prune(clock.now() + hours(24), {}), 0U) << "just as old as allowed";
  EXPECT_EQ(pruner.prune(clock.now() + hours(25), {}), 899U);
  ASSERT_EQ(jobs.list({}).jobs.size(), 1U);
  EXPECT_EQ(jobs.list({}).jobs[0].id, "7") << "it has not ended";
}

TEST_F(HistoryPrunerTest, KeepsEverythingUnlessTold) {
  HistoryPruner pruner(jobs, clock, {});
  pruner.start();
  pruner.stop();
}

}  // namespace
}  // namespace sluice

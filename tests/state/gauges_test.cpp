#include "state/gauges.h"

#include <gtest/gtest.h>

#include "state/job_store.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

TEST(Gauges, CountWhatThereIs) {
  TestFolder folder;
  StateDatabase state(folder / "state.db");
  EXPECT_EQ(read_gauges(state).waiting, 0);
  EXPECT_EQ(read_gauges(state).oldest_waiting, std::nullopt);
  JobStore jobs(state);
  jobs.enqueue(sample_job("1", kMorning), 10);
  jobs.enqueue(sample_job("2", kMorning + std::chrono::seconds(1)), 10);
  jobs.enqueue(sample_job("3", kMorning + std::chrono::seconds(2)), 10);
  jobs.claim(kMorning);
  state.write([](SQLite::Database& database) {
    database.exec(
        "INSERT INTO missed_runs (pipe_id, pipe_name, first_at, last_at, runs, reason, noted_at) "
        "VALUES ('p', 'p', '2026-11-23 08:30:00.000000', '2026-11-23 08:35:00.000000', 5, "
        "'downtime', '2026-11-23 08:35:00.000000')");
  });
  const StateGauges gauges = read_gauges(state);
  EXPECT_EQ(gauges.waiting, 2);
  EXPECT_EQ(gauges.working, 1);
  EXPECT_EQ(gauges.oldest_waiting, kMorning + std::chrono::seconds(1));
  EXPECT_EQ(gauges.missed_runs.at("downtime"), 5);
}

}  // namespace
}  // namespace sluice

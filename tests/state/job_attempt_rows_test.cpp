#include "state/job_attempt_rows.h"

#include <gtest/gtest.h>

#include "state/job_rows.h"
#include "state/state_database.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::minutes;

TEST(JobAttemptRows, OneForEachTimeItWasTakenUp) {
  TestFolder folder;
  StateDatabase state(folder / "state.db");
  Job job = sample_job("1");
  const std::vector<JobAttempt> attempts = state.write([&](SQLite::Database& database) {
    insert_job(database, job);
    job.attempt = 1;
    begin_attempt(database, job, kMorning);
    job.figures.rows = 7;
    job.error = "It failed.";
    job.error_code = "unavailable";
    end_attempt(database, job, kMorning + minutes(1));
    job.error = "It failed later.";
    end_attempt(database, job, kMorning + minutes(9));
    job.attempt = 2;
    begin_attempt(database, job, kMorning + minutes(2));
    return read_attempts(database, "1");
  });
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].started_at, kMorning);
  EXPECT_EQ(attempts[0].ended_at, kMorning + minutes(1)) << "what has ended stays as it was";
  EXPECT_EQ(attempts[0].figures.rows, 7U);
  EXPECT_EQ(attempts[0].error, "It failed.");
  EXPECT_EQ(attempts[0].error_code, "unavailable");
  EXPECT_EQ(attempts[1].attempt, 2);
  EXPECT_FALSE(attempts[1].ended_at);
  EXPECT_EQ(attempts[1].error, "");
}

}  // namespace
}  // namespace sluice

#include "state/job_rows.h"

#include <gtest/gtest.h>

#include "state/state_database.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::hours;

class JobRowsTest : public testing::Test {
 protected:
  Job stored(const Job& job) {
    return database_.write([&](SQLite::Database& database) {
      insert_job(database, job);
      return find_job(database, job.id).value();
    });
  }
  TestFolder folder_;
  StateDatabase database_{folder_ / "state.db"};
};

TEST_F(JobRowsTest, EveryFieldComesBack) {
  Job job = sample_job("1");
  job.trigger = JobTrigger::kScheduled;
  job.token_name = "admin";
  job.scheduled_at = kMorning;
  job.interval = Interval{kMorning - hours(1), kMorning};
  job.alone = true;
  const Job back = stored(job);
  EXPECT_EQ(back.status, JobStatus::kWaiting);
  EXPECT_EQ(back.stage, JobStage::kQueued);
  EXPECT_EQ(back.trigger, JobTrigger::kScheduled);
  EXPECT_EQ(back.token_name, "admin");
  EXPECT_EQ(back.scheduled_at, kMorning);
  EXPECT_EQ(back.interval->begin, kMorning - hours(1));
  EXPECT_EQ(back.interval->end, kMorning);
  EXPECT_TRUE(back.alone);
  EXPECT_FALSE(back.not_before);
  EXPECT_EQ(back.plan.query.sql, job.plan.query.sql);
}

TEST_F(JobRowsTest, MostJobsStandForNoTime) {
  const Job back = stored(sample_job("1"));
  EXPECT_FALSE(back.interval);
  EXPECT_FALSE(back.scheduled_at);
  EXPECT_FALSE(back.alone);
}

TEST_F(JobRowsTest, WhoWaitsComesFirst) {
  for (const auto& [trigger, priority] :
       std::vector<std::pair<JobTrigger, std::string>>{{JobTrigger::kOnDemand, "0"},
                                                       {JobTrigger::kScheduled, "1"},
                                                       {JobTrigger::kChained, "1"},
                                                       {JobTrigger::kBackfill, "2"}}) {
    Job job = sample_job(std::string(job_trigger_name(trigger)));
    job.trigger = trigger;
    stored(job);
    EXPECT_EQ(SqliteFile(folder_ / "state.db")
                  .value("SELECT priority FROM jobs WHERE id = '" + job.id + "'"),
              priority);
  }
}

TEST_F(JobRowsTest, NoneIsNothing) {
  EXPECT_FALSE(
      database_.read([&](SQLite::Database& database) { return find_job(database, "none"); }));
}

}  // namespace
}  // namespace sluice

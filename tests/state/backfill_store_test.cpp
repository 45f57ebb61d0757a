#include "state/backfill_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "state/job_store.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::ElementsAre;

class BackfillStoreTest : public testing::Test {
 protected:
  Backfill make(const std::string& id, int concurrency, const std::vector<std::string>& job_ids) {
    Backfill backfill;
    backfill.id = id;
    backfill.pipe_id = "t_pipe_flights";
    backfill.pipe_name = "flights";
    backfill.range = {kMorning - std::chrono::hours(9), kMorning};
    backfill.step = "3h";
    backfill.concurrency = concurrency;
    backfill.created_at = kMorning;
    std::vector<Job> rows;
    for (const std::string& job_id : job_ids) {
      Job& job = rows.emplace_back(sample_job(job_id));
      job.trigger = JobTrigger::kBackfill;
      job.backfill_id = id;
      job.interval = backfill.range;
    }
    store_.insert(backfill, rows);
    return backfill;
  }
  std::string claim() {
    const std::optional<Job> job = jobs_.claim(kMorning);
    return job ? job->id : "none";
  }
  void finish(const std::string& id, JobStatus status) {
    Job job = *jobs_.find(id);
    job.status = status;
    jobs_.finish(job, {}, kMorning);
  }

  TestFolder folder_;
  StateDatabase database_{folder_ / "state.db"};
  BackfillStore store_{database_};
  JobStore jobs_{database_};
};

TEST_F(BackfillStoreTest, ReadsBackWithTheFiguresOfItsJobs) {
  make("b", 2, {"1", "2", "3"});
  EXPECT_EQ(claim(), "1");
  finish("1", JobStatus::kError);
  EXPECT_EQ(claim(), "2");
  const Backfill back = *store_.find("b");
  EXPECT_EQ(back.pipe_name, "flights");
  EXPECT_EQ(back.step, "3h");
  EXPECT_EQ(back.range.end, kMorning);
  EXPECT_EQ(back.concurrency, 2);
  EXPECT_EQ(back.figures.waiting, 1);
  EXPECT_EQ(back.figures.working, 1);
  EXPECT_EQ(back.figures.error, 1);
  EXPECT_EQ(jobs_.find("1")->backfill_id, "b");
  EXPECT_FALSE(store_.find("c"));
  EXPECT_EQ(store_.list("t_pipe_flights", 10).size(), 1U);
  EXPECT_EQ(store_.list("another", 10).size(), 0U);
  EXPECT_EQ(store_.list("", 10).size(), 1U);
}

TEST_F(BackfillStoreTest, OnlySoManyAreAtWorkAndOthersComeFirst) {
  make("b", 1, {"1", "2"});
  EXPECT_EQ(claim(), "1");
  EXPECT_EQ(claim(), "none");
  jobs_.enqueue(sample_job("now"), 1);  // Jobs of a backfill do not fill the queue.
  EXPECT_EQ(claim(), "now");
  finish("1", JobStatus::kDone);
  EXPECT_EQ(claim(), "2");
}

TEST_F(BackfillStoreTest, CancellingStopsWhatIsAtWork) {
  make("b", 2, {"1", "2", "3", "4"});
  claim();
  claim();
  ASSERT_TRUE(jobs_.begin_publishing("2", {}, {}, kMorning));
  EXPECT_THAT(store_.cancel("b", kMorning), ElementsAre("1"));
  EXPECT_EQ(jobs_.find("1")->status, JobStatus::kCancelling);
  EXPECT_EQ(jobs_.find("2")->status, JobStatus::kWorking) << "it can only go forward";
  EXPECT_EQ(jobs_.find("3")->status, JobStatus::kCancelled);
  EXPECT_EQ(store_.find("b")->figures.cancelled, 2);
  EXPECT_EQ(store_.find("b")->cancelled_at, kMorning);
}

}  // namespace
}  // namespace sluice

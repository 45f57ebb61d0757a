#include "state/job_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "base/limits.h"
#include "state/connection_store.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kRoom = 100;
const JobFile kFile{"out/a.csv", JobFile::State::kStaged, 3, 20, "ticket a"};
const JobFile kOtherFile{"out/b.csv", JobFile::State::kStaged, 4, 30, "ticket b"};

class JobStoreTest : public testing::Test {
 protected:
  void enqueue(const std::string& id, Timestamp created_at = kMorning) {
    jobs_.enqueue(sample_job(id, created_at), kRoom);
  }
  /// Puts a job in and takes it out to work on.
  Job working(const std::string& id) {
    enqueue(id);
    Job job = *jobs_.claim(kMorning);
    EXPECT_EQ(job.id, id);
    return job;
  }
  Job job(const std::string& id) { return *jobs_.find(id); }
  void finish(Job job, JobStatus status) {
    job.status = status;
    jobs_.finish(job, {}, kMorning + minutes(9));
  }
  static std::vector<std::string> ids(const JobPage& page) {
    std::vector<std::string> out;
    for (const Job& job : page.jobs) out.push_back(job.id);
    return out;
  }

  TestFolder folder_;
  StateDatabase database_{folder_ / "state.db"};
  JobStore jobs_{database_};
};

TEST_F(JobStoreTest, ReadsBackEqual) {
  Job in = sample_job("1");
  in.token_name = "admin";
  in.plan.variables = {{"x", "y"}};
  jobs_.enqueue(in, kRoom);
  const Job out = job("1");
  EXPECT_EQ(out.status, JobStatus::kWaiting);
  EXPECT_EQ(out.stage, JobStage::kQueued);
  EXPECT_EQ(out.trigger, JobTrigger::kOnDemand);
  EXPECT_EQ(out.pipe_id, in.pipe_id);
  EXPECT_EQ(out.pipe_name, "flights");
  EXPECT_EQ(out.node_id, in.node_id);
  EXPECT_EQ(out.token_name, "admin");
  EXPECT_EQ(out.plan.query.sql, "SELECT 1 AS a");
  EXPECT_EQ(out.plan.variables.at("x"), "y");
  EXPECT_EQ(out.attempt, 0);
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.created_at, kMorning);
  EXPECT_EQ(out.started_at, std::nullopt);
  EXPECT_EQ(out.figures.progress_percentage, std::nullopt);
  EXPECT_FALSE(jobs_.find("2"));
}

TEST_F(JobStoreTest, ClaimsTheOldestFirst) {
  enqueue("late", kMorning + seconds(1));
  enqueue("b");
  enqueue("a");
  const Job first = *jobs_.claim(kMorning + minutes(1));
  EXPECT_EQ(first.id, "a");
  EXPECT_EQ(first.status, JobStatus::kWorking);
  EXPECT_EQ(first.stage, JobStage::kRunning);
  EXPECT_EQ(first.attempt, 1);
  EXPECT_EQ(first.started_at, kMorning + minutes(1));
  EXPECT_EQ(job("a").status, JobStatus::kWorking);
  EXPECT_EQ(jobs_.claim(kMorning)->id, "b");
  EXPECT_EQ(jobs_.claim(kMorning)->id, "late");
  EXPECT_FALSE(jobs_.claim(kMorning));
}

TEST_F(JobStoreTest, TheQueueHasALimit) {
  jobs_.enqueue(sample_job("1"), 2);
  jobs_.enqueue(sample_job("2"), 2);
  const Error error = caught([&] { jobs_.enqueue(sample_job("3"), 2); });
  EXPECT_EQ(error.code(), ErrorCode::kTooMany);
  EXPECT_FALSE(jobs_.find("3"));
  jobs_.claim(kMorning);  // Only what waits counts.
  jobs_.enqueue(sample_job("3"), 2);
}

TEST_F(JobStoreTest, ProgressAndEnd) {
  Job job = working("1");
  jobs_.save_progress("1", {5, 6, 7, 12.5}, kMorning + minutes(1));
  EXPECT_EQ(this->job("1").figures.rows, 5U);
  EXPECT_EQ(this->job("1").figures.bytes, 6U);
  EXPECT_EQ(this->job("1").figures.files, 7U);
  EXPECT_EQ(this->job("1").figures.progress_percentage, 12.5);
  EXPECT_EQ(this->job("1").updated_at, kMorning + minutes(1));
  job.figures = {10, 20, 30, 100.0};
  job.error = "It failed.";
  job.error_code = "invalid";
  finish(job, JobStatus::kError);
  const Job done = this->job("1");
  EXPECT_EQ(done.status, JobStatus::kError);
  EXPECT_EQ(done.stage, JobStage::kFinished);
  EXPECT_EQ(done.figures.rows, 10U);
  EXPECT_EQ(done.error, "It failed.");
  EXPECT_EQ(done.error_code, "invalid");
  EXPECT_EQ(SqliteFile(folder_ / "state.db").value("SELECT finished_at FROM jobs"),
            "2026-11-23 08:39:00.000000");
  // What is final stays as it is.
  finish(job, JobStatus::kDone);
  jobs_.save_progress("1", {}, kMorning);
  jobs_.put_back(this->job("1"), kMorning, kMorning);
  EXPECT_EQ(this->job("1").status, JobStatus::kError);
  EXPECT_EQ(this->job("1").figures.rows, 10U);
}

TEST_F(JobStoreTest, CancelWhileItWaits) {
  enqueue("1");
  const Job cancelled = jobs_.cancel("1", kMorning);
  EXPECT_EQ(cancelled.status, JobStatus::kCancelled);
  EXPECT_EQ(cancelled.stage, JobStage::kFinished);
  EXPECT_FALSE(jobs_.claim(kMorning));
  EXPECT_ERROR(jobs_.cancel("1", kMorning), kConflict);
  EXPECT_ERROR(jobs_.cancel("none", kMorning), kNotFound);
}

TEST_F(JobStoreTest, CancelWhileItWorks) {
  working("1");
  EXPECT_EQ(jobs_.cancel("1", kMorning).status, JobStatus::kCancelling);
  EXPECT_EQ(jobs_.cancel("1", kMorning).status, JobStatus::kCancelling) << "twice is no error";
  EXPECT_FALSE(jobs_.begin_publishing("1", {kFile}, {}, kMorning)) << "it was cancelled";
  EXPECT_THAT(jobs_.files("1"), IsEmpty());
  EXPECT_FALSE(jobs_.claim(kMorning)) << "someone is working on it";
  finish(job("1"), JobStatus::kCancelled);
  EXPECT_EQ(job("1").status, JobStatus::kCancelled);
}

TEST_F(JobStoreTest, CancelWhileItPublishesOrAfterItsEnd) {
  working("1");
  ASSERT_TRUE(jobs_.begin_publishing("1", {kFile}, {}, kMorning));
  const Error error = caught([&] { jobs_.cancel("1", kMorning); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), HasSubstr("publishing"));
  for (JobStatus status : {JobStatus::kDone, JobStatus::kError}) {
    const std::string id(job_status_name(status));
    finish(working(id), status);
    EXPECT_ERROR(jobs_.cancel(id, kMorning), kConflict);
  }
}

TEST_F(JobStoreTest, CancelOfAnInterruptedJobComesToAWorkerForCleanUp) {
  working("1");
  jobs_.put_back(job("1"), kMorning, kMorning);
  EXPECT_EQ(jobs_.cancel("1", kMorning).status, JobStatus::kCancelling);
  const std::optional<Job> claimed = jobs_.claim(kMorning);
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->status, JobStatus::kCancelling);
  EXPECT_FALSE(jobs_.claim(kMorning)) << "taken twice";
}

TEST_F(JobStoreTest, PutBackStartsOverOrGoesOn) {
  working("1");
  jobs_.put_back(job("1"), kMorning, kMorning);
  EXPECT_EQ(job("1").status, JobStatus::kWaiting);
  EXPECT_EQ(job("1").stage, JobStage::kQueued);
  const Job again = *jobs_.claim(kMorning + minutes(5));
  EXPECT_EQ(again.attempt, 2);
  EXPECT_EQ(again.started_at, kMorning) << "the first start counts";
  ASSERT_TRUE(jobs_.begin_publishing("1", {kFile}, {7, 8, 1, {}}, kMorning));
  jobs_.put_back(job("1"), kMorning, kMorning);
  const Job publishing = *jobs_.claim(kMorning);
  EXPECT_EQ(publishing.stage, JobStage::kPublishing);
  EXPECT_EQ(publishing.figures.rows, 7U);
  EXPECT_EQ(publishing.attempt, 3);
}

TEST_F(JobStoreTest, AfterACrash) {
  working("running");
  working("publishing");
  ASSERT_TRUE(jobs_.begin_publishing("publishing", {kFile}, {}, kMorning));
  working("cancelling");
  jobs_.cancel("cancelling", kMorning);
  finish(working("done"), JobStatus::kDone);
  enqueue("waiting", kMorning + minutes(1));
  jobs_.requeue_interrupted(kMorning + minutes(2));
  EXPECT_EQ(job("running").status, JobStatus::kWaiting);
  EXPECT_EQ(job("running").stage, JobStage::kQueued);
  EXPECT_EQ(job("publishing").status, JobStatus::kWaiting);
  EXPECT_EQ(job("publishing").stage, JobStage::kPublishing);
  EXPECT_EQ(job("cancelling").status, JobStatus::kCancelling);
  EXPECT_EQ(job("done").status, JobStatus::kDone);
  std::vector<std::string> claimed;
  while (std::optional<Job> next = jobs_.claim(kMorning)) claimed.push_back(next->id);
  EXPECT_THAT(claimed, ElementsAre("cancelling", "publishing", "running", "waiting"));
}

TEST_F(JobStoreTest, TheJournalOfFiles) {
  working("1");
  jobs_.add_file("1", {"out/b.csv", JobFile::State::kBegun, 0, 0, "begun b"});
  ASSERT_TRUE(jobs_.begin_publishing("1", {kOtherFile, kFile}, {7, 50, 2, {}}, kMorning));
  EXPECT_EQ(job("1").stage, JobStage::kPublishing);
  EXPECT_EQ(job("1").figures.bytes, 50U);
  std::vector<JobFile> files = jobs_.files("1");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].key, "out/a.csv");
  EXPECT_EQ(files[0].rows, 3U);
  EXPECT_EQ(files[0].bytes, 20U);
  EXPECT_EQ(files[1].state, JobFile::State::kStaged);
  EXPECT_EQ(files[1].ticket, "ticket b") << "the finished ticket takes the place of the begun";
  jobs_.mark_published("1", {"out/a.csv"});
  files = jobs_.files("1");
  EXPECT_EQ(files[0].state, JobFile::State::kPublished);
  EXPECT_EQ(files[1].state, JobFile::State::kStaged);
  jobs_.forget_files("1", {"out/b.csv", "unknown"});
  EXPECT_EQ(jobs_.files("1").size(), 1U);
  EXPECT_THAT(jobs_.files("2"), IsEmpty());
}

TEST_F(JobStoreTest, AListIsNewestFirstAndFiltered) {
  enqueue("1", kMorning);
  enqueue("2", kMorning + minutes(1));
  Job other = sample_job("3", kMorning + minutes(2));
  other.pipe_id = "t_other";
  other.pipe_name = "Other";
  jobs_.enqueue(other, kRoom);
  jobs_.cancel("2", kMorning);
  auto list = [&](const std::function<void(JobFilter&)>& set) {
    JobFilter filter;
    set(filter);
    return ids(jobs_.list(filter));
  };
  EXPECT_THAT(list([](JobFilter&) {}), ElementsAre("3", "2", "1"));
  EXPECT_THAT(list([](JobFilter& f) { f.status = "waiting"; }), ElementsAre("3", "1"));
  EXPECT_THAT(list([](JobFilter& f) { f.pipe_id = "t_other"; }), ElementsAre("3"));
  EXPECT_THAT(list([](JobFilter& f) { f.pipe_name = "oTHER"; }), ElementsAre("3"));
  EXPECT_THAT(list([](JobFilter& f) { f.created_after = kMorning; }), ElementsAre("3", "2"));
  EXPECT_THAT(list([](JobFilter& f) { f.created_before = kMorning + minutes(1); }),
              ElementsAre("1"));
  EXPECT_THAT(list([](JobFilter& f) {
                f.status = "waiting";
                f.pipe_id = "none";
              }),
              IsEmpty());
}

TEST_F(JobStoreTest, PagesShowEveryJobOnce) {
  for (int i = 0; i < 7; ++i) enqueue("job" + std::to_string(i), kMorning + seconds(i / 3));
  JobFilter filter;
  filter.limit = 2;
  std::vector<std::string> seen;
  int pages = 0;
  do {
    const JobPage page = jobs_.list(filter);
    for (const std::string& id : ids(page)) seen.push_back(id);
    filter.cursor = page.next_cursor;
    enqueue("newer" + std::to_string(++pages), kMorning + minutes(1));  // Moves no page.
  } while (!filter.cursor.empty());
  EXPECT_THAT(seen, ElementsAre("job6", "job5", "job4", "job3", "job2", "job1", "job0"));
  EXPECT_EQ(pages, 4);
  for (const char* cursor : {"x", "|", "yesterday|1"}) {
    filter.cursor = cursor;
    EXPECT_ERROR(jobs_.list(filter), kInvalid) << cursor;
  }
}

TEST_F(JobStoreTest, AnExactPageHasNoNext) {
  enqueue("1");
  enqueue("2");
  JobFilter filter;
  filter.limit = 2;
  EXPECT_EQ(jobs_.list(filter).next_cursor, "");
}

TEST_F(JobStoreTest, ManyThreadsPutInAndTakeOut) {
  constexpr int kJobs = 30;
  std::atomic<int> torn = 0;
  std::mutex mutex;
  std::multiset<std::string> claimed;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kJobs / 2; ++i) {
          enqueue(std::to_string(t) + "-" + std::to_string(i), kMorning);
        }
      });
      threads.emplace_back([&] {
        for (int done = 0; done < kJobs / 2;) {
          std::optional<Job> job = jobs_.claim(kMorning);
          if (!job) continue;
          ++done;
          std::lock_guard lock(mutex);
          claimed.insert(job->id);
        }
      });
    }
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        for (const Job& job : jobs_.list({}).jobs) {
          if ((job.status == JobStatus::kWorking) != (job.attempt == 1)) ++torn;
        }
      }
    });
  }
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(claimed.size(), static_cast<size_t>(kJobs));
  EXPECT_EQ(std::set(claimed.begin(), claimed.end()).size(), static_cast<size_t>(kJobs));
}

TEST_F(JobStoreTest, OnlySoManyWriteToOneConnection) {
  JobStore one(database_, 1);
  enqueue("1");
  enqueue("2", kMorning + seconds(1));
  Job elsewhere = sample_job("3", kMorning + seconds(2));
  elsewhere.plan.settings.connection_id = "id_other";
  jobs_.enqueue(elsewhere, kRoom);
  EXPECT_EQ(one.claim(kMorning)->id, "1");
  EXPECT_EQ(one.claim(kMorning)->id, "3");
  EXPECT_FALSE(one.claim(kMorning));
  finish(job("1"), JobStatus::kDone);
  EXPECT_EQ(one.claim(kMorning)->id, "2");
}

TEST_F(JobStoreTest, TheLastSuccessOfAPipe) {
  EXPECT_EQ(jobs_.last_success("t_pipe_flights"), std::nullopt);
  finish(working("1"), JobStatus::kError);
  EXPECT_EQ(jobs_.last_success("t_pipe_flights"), std::nullopt);
  finish(working("2"), JobStatus::kDone);
  EXPECT_EQ(jobs_.last_success("t_pipe_flights"), kMorning + minutes(9));
  EXPECT_EQ(jobs_.last_success("another"), std::nullopt);
}

TEST_F(JobStoreTest, PrunedJobsTakeTheirRowsAlong) {
  working("1");
  jobs_.add_file("1", kFile);
  finish(job("1"), JobStatus::kDone);
  EXPECT_EQ(jobs_.prune(kMorning + minutes(9), 10), 0U);
  EXPECT_EQ(jobs_.prune(kMorning + minutes(10), 10), 1U);
  EXPECT_THAT(jobs_.files("1"), IsEmpty());
  EXPECT_THAT(jobs_.attempts("1"), IsEmpty());
}

}  // namespace
}  // namespace sluice

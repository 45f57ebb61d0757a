#include "jobs/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <semaphore>
#include <thread>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

class WorkerPoolTest : public testing::Test, protected JobsWorld {};

TEST_F(WorkerPoolTest, TheStepWorksOnOneJobToItsEnd) {
  EXPECT_FALSE(workers.run_one());
  enqueue("1", "SELECT 1 AS a");
  clock.advance(std::chrono::seconds(1));
  enqueue("2", "SELECT 2 AS a");
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(job("1").status, JobStatus::kDone);
  EXPECT_EQ(job("2").status, JobStatus::kWaiting);
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(job("2").status, JobStatus::kDone);
  EXPECT_FALSE(workers.run_one());
}

TEST_F(WorkerPoolTest, AJobThatFailsDoesNotStopTheNext) {
  enqueue("1", "SELECT json('x') AS a");
  enqueue("2", "SELECT 1 AS a");
  EXPECT_TRUE(workers.run_one());
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(job("1").status, JobStatus::kError);
  EXPECT_EQ(job("2").status, JobStatus::kDone);
}

TEST_F(WorkerPoolTest, StopsTheJobItIsToldTo) {
  enqueue("1", kEndlessSql);
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call != "stage") return;
    jobs.cancel("1", clock.now());
    workers.stop_job("1");
  });
  workers.stop_job("nobody");
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(job("1").status, JobStatus::kCancelled);
}

TEST_F(WorkerPoolTest, ThreadsTakeWhatIsThereAndWhatComes) {
  std::latch all(3);
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call == "remove_staging") all.count_down();  // The last thing of a job.
  });
  enqueue("1", "SELECT 1 AS a");
  workers.start();
  for (const char* id : {"2", "3"}) {
    enqueue(id, "SELECT 1 AS a");
    workers.wake();
  }
  all.wait();
  workers.stop();
  for (const char* id : {"1", "2", "3"}) EXPECT_EQ(job(id).status, JobStatus::kDone) << id;
  EXPECT_EQ(bucket.objects().size(), 3U);
}

TEST_F(WorkerPoolTest, StopLeavesWhatRunsForTheNextStart) {
  std::binary_semaphore running{0};
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call == "stage") running.release();
  });
  enqueue("1", kEndlessSql);
  clock.advance(std::chrono::seconds(1));
  enqueue("2", "SELECT 1 AS a");
  WorkBudget one({1, 0, 64ULL << 20}, clock);
  WorkerPool alone(jobs, runner, one, clock);
  alone.start();
  running.acquire();
  alone.stop();
  EXPECT_EQ(job("1").status, JobStatus::kWaiting);
  EXPECT_EQ(job("2").status, JobStatus::kWaiting);
  EXPECT_EQ(job("2").attempt, 0) << "no new work after stop";
  EXPECT_EQ(bucket.staged(), 0U);
  EXPECT_FALSE(alone.run_one());
}

TEST_F(WorkerPoolTest, CancelsFromManyThreadsFindTheJobWaitingOrRunning) {
  constexpr int kJobs = 12;
  for (int i = 0; i < kJobs; ++i) enqueue(std::to_string(i), kEndlessSql);
  JobService service(jobs, workers, clock, random, 1000);
  workers.start();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&, t] {
        for (int i = t; i < kJobs; i += 2) service.cancel(std::to_string(i));
      });
    }
  }
  // None of them ends by itself: a cancel that went past its job would leave it running for ever.
  for (int i = 0; i < kJobs; ++i) {
    while (!is_final(job(std::to_string(i)).status)) std::this_thread::yield();
  }
  workers.stop();
  EXPECT_EQ(bucket.objects().size(), 0U);
  EXPECT_EQ(bucket.staged(), 0U);
}

}  // namespace
}  // namespace sluice

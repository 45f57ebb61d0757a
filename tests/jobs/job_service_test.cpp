#include "jobs/job_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class JobServiceTest : public testing::Test, protected JobsWorld {
 protected:
  JobServiceTest() {
    pipe_.sink = sample_sink(pipe_, sample_connection("disk"));
    plan_ = sample_job("x").plan;
  }
  Pipe pipe_ = sample_pipe("flights");
  JobPlan plan_;
  JobService service_{jobs, workers, clock, random, 2};
};

TEST_F(JobServiceTest, ARunIsInTheQueueWhenItReturns) {
  const Job made = service_.run(pipe_, plan_, "admin");
  EXPECT_THAT(made.id, testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-.*"));
  const Job stored = service_.get(made.id);
  EXPECT_EQ(stored.status, JobStatus::kWaiting);
  EXPECT_EQ(stored.trigger, JobTrigger::kOnDemand);
  EXPECT_EQ(stored.pipe_name, "flights");
  EXPECT_EQ(stored.node_id, pipe_.sink->node_id);
  EXPECT_EQ(stored.token_name, "admin");
  EXPECT_EQ(stored.created_at, clock.now());
  EXPECT_EQ(service_.list({}).jobs.size(), 1U);
}

TEST_F(JobServiceTest, TheQueueHasALimit) {
  service_.run(pipe_, plan_, "");
  service_.run(pipe_, plan_, "");
  EXPECT_ERROR(service_.run(pipe_, plan_, ""), kTooMany);
}

TEST_F(JobServiceTest, WhatIsNotThereIsNamed) {
  const Error error = caught([&] { service_.get("nope"); });
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_THAT(error.what(), HasSubstr("'nope'"));
  EXPECT_ERROR(service_.cancel("nope"), kNotFound);
}

TEST_F(JobServiceTest, CancelWhileItWaits) {
  const Job job = service_.run(pipe_, plan_, "");
  EXPECT_EQ(service_.cancel(job.id).status, JobStatus::kCancelled);
  EXPECT_FALSE(workers.run_one());
  EXPECT_ERROR(service_.cancel(job.id), kConflict);
}

TEST_F(JobServiceTest, CancelStopsARunningQuery) {
  plan_.query.sql = kEndlessSql;
  const Job job = service_.run(pipe_, plan_, "");
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call == "stage") service_.cancel(job.id);
  });
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(service_.get(job.id).status, JobStatus::kCancelled);
}

TEST_F(JobServiceTest, CancelComesTooLateForWhatIsPublished) {
  const Job job = service_.run(pipe_, plan_, "");
  bucket.set_hook([&](const std::string& call, const std::string&) {
    if (call != "publish") return;
    EXPECT_ERROR(service_.cancel(job.id), kConflict);
  });
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(bucket.count("publish"), 1U);
  EXPECT_EQ(service_.get(job.id).status, JobStatus::kDone);
}

TEST_F(JobServiceTest, WaitingForAnEnd) {
  const std::string id = service_.run(pipe_, plan_, "").id;
  const auto waited = [&](std::chrono::seconds wait, const std::stop_token& stop = {}) {
    const std::chrono::nanoseconds begin = clock.ticks();
    service_.await(id, wait, stop);
    return clock.ticks() - begin;
  };
  EXPECT_EQ(waited(std::chrono::seconds(0)).count(), 0);
  EXPECT_EQ(waited(std::chrono::seconds(2)), std::chrono::seconds(2));
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(waited(std::chrono::seconds(2), stopped.get_token()).count(), 0);
  service_.cancel(id);
  EXPECT_EQ(waited(std::chrono::seconds(2)).count(), 0) << "it has ended";
  EXPECT_ERROR(service_.await("none", std::chrono::seconds(1), {}), kNotFound);
}

}  // namespace
}  // namespace sluice

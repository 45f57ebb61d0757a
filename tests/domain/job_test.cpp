#include "domain/job.h"

#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

Job job_in(JobStatus status, JobStage stage) {
  Job job;
  job.status = status;
  job.stage = stage;
  return job;
}

TEST(Job, NamesReadBack) {
  for (JobStatus status : {JobStatus::kWaiting, JobStatus::kWorking, JobStatus::kDone,
                           JobStatus::kError, JobStatus::kCancelling, JobStatus::kCancelled}) {
    EXPECT_EQ(parse_job_status(job_status_name(status)), status);
  }
  for (JobStage stage :
       {JobStage::kQueued, JobStage::kRunning, JobStage::kPublishing, JobStage::kFinished}) {
    EXPECT_EQ(parse_job_stage(job_stage_name(stage)), stage);
  }
  for (JobTrigger trigger : {JobTrigger::kOnDemand, JobTrigger::kScheduled}) {
    EXPECT_EQ(parse_job_trigger(job_trigger_name(trigger)), trigger);
  }
}

TEST(Job, UnknownNames) {
  EXPECT_EQ(parse_job_status("running"), std::nullopt);
  EXPECT_ERROR(parse_job_stage("running away"), kCorrupt);
  EXPECT_ERROR(parse_job_trigger(""), kCorrupt);
}

TEST(Job, FinalMeansThatNothingMoreHappens) {
  EXPECT_TRUE(is_final(JobStatus::kDone));
  EXPECT_TRUE(is_final(JobStatus::kError));
  EXPECT_TRUE(is_final(JobStatus::kCancelled));
  EXPECT_FALSE(is_final(JobStatus::kWaiting));
  EXPECT_FALSE(is_final(JobStatus::kWorking));
  EXPECT_FALSE(is_final(JobStatus::kCancelling));
}

TEST(Job, CanBeCancelledUntilItPublishes) {
  EXPECT_TRUE(is_cancellable(job_in(JobStatus::kWaiting, JobStage::kQueued)));
  EXPECT_TRUE(is_cancellable(job_in(JobStatus::kWorking, JobStage::kRunning)));
  EXPECT_FALSE(is_cancellable(job_in(JobStatus::kWorking, JobStage::kPublishing)));
  EXPECT_FALSE(is_cancellable(job_in(JobStatus::kWaiting, JobStage::kPublishing)));
  EXPECT_FALSE(is_cancellable(job_in(JobStatus::kCancelling, JobStage::kRunning)));
  EXPECT_FALSE(is_cancellable(job_in(JobStatus::kDone, JobStage::kFinished)));
}

}  // namespace
}  // namespace sluice

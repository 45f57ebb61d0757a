#include "jobs/job_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/samples.h"

namespace sluice {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

Job job_of(JobTrigger trigger, JobStatus status) {
  Job job = sample_job("1", kMorning);
  job.trigger = trigger;
  job.status = status;
  job.attempt = 1;
  job.started_at = kMorning + seconds(1);
  job.figures = {10, 200, 3, {}};
  return job;
}

TEST(JobMetrics, CountsEnds) {
  JobMetrics metrics;
  metrics.ended(job_of(JobTrigger::kOnDemand, JobStatus::kDone), kMorning + seconds(4));
  metrics.ended(job_of(JobTrigger::kOnDemand, JobStatus::kDone), kMorning + seconds(4));
  Job failed = job_of(JobTrigger::kScheduled, JobStatus::kError);
  failed.error_code = "unavailable";
  metrics.ended(failed, kMorning + seconds(100));
  metrics.tried_again("timeout");
  const std::string text = metrics.text();
  for (const char* line :
       {"sluice_jobs_ended_total{status=\"done\",triggered_by=\"on_demand\"} 2",
        "sluice_jobs_ended_total{status=\"error\",triggered_by=\"scheduled\"} 1",
        "sluice_jobs_failed_total{code=\"unavailable\"} 1",
        "sluice_job_retries_total{code=\"timeout\"} 1", "sluice_rows_written_total 20",
        "sluice_bytes_written_total 400", "sluice_files_written_total 6",
        "sluice_job_duration_seconds_bucket{le=\"1\"} 0",
        "sluice_job_duration_seconds_bucket{le=\"5\"} 2",
        "sluice_job_duration_seconds_bucket{le=\"300\"} 3",
        "sluice_job_duration_seconds_bucket{le=\"+Inf\"} 3", "sluice_job_duration_seconds_sum 105",
        "sluice_job_duration_seconds_count 3"}) {
    EXPECT_THAT(text, HasSubstr(std::string("\n") + line + "\n"));
  }
}

TEST(JobMetrics, LatenessIsThatOfSchedulesFirstAttempts) {
  JobMetrics metrics;
  Job job = job_of(JobTrigger::kScheduled, JobStatus::kWorking);
  job.scheduled_at = kMorning - seconds(1);
  metrics.began(job, kMorning + milliseconds(200));
  job.attempt = 2;
  metrics.began(job, kMorning + seconds(100));
  metrics.began(job_of(JobTrigger::kOnDemand, JobStatus::kWorking), kMorning);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("\nsluice_schedule_lateness_seconds_count 1\n"));
  EXPECT_THAT(text, HasSubstr("\nsluice_schedule_lateness_seconds_sum 1.2\n"));
  EXPECT_THAT(text, HasSubstr("\nsluice_job_wait_seconds_count 2\n"));
}

}  // namespace
}  // namespace sluice

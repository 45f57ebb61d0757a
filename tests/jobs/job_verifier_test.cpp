#include "jobs/job_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

class JobVerifierTest : public testing::Test, protected JobsWorld {
 protected:
  VerifyReport verify() { return JobVerifier({jobs, connections, stores}).verify(job("1")); }
  /// What the only difference is.
  std::string difference() {
    const VerifyReport report = verify();
    EXPECT_EQ(report.differences.size(), 1U);
    return report.differences.empty() ? "" : report.differences[0].what;
  }
  void run(Format format = Format::kCsv) {
    Job job = sample_job("1", clock.now());
    job.plan.query.sql = "SELECT 1 AS a UNION ALL SELECT 2";
    job.plan.settings.file_template = "all";
    job.plan.settings.format = format;
    jobs.enqueue(job, 1000);
    run_next();
    ASSERT_EQ(this->job("1").status, JobStatus::kDone) << this->job("1").error;
  }
};

TEST_F(JobVerifierTest, WhatIsAsItWasPublished) {
  for (Format format : {Format::kCsv}) {
    run(format);
    const VerifyReport report = verify();
    EXPECT_EQ(report.files, 1U);
    EXPECT_EQ(report.bytes_read, std::string("a\n1\n2\n").size());
    EXPECT_TRUE(report.differences.empty());
  }
}

TEST_F(JobVerifierTest, WhatWasChangedSince) {
  run();
  const std::string key = bucket.objects().begin()->first;
  bucket.put(key, "a\n1\n3\n");
  EXPECT_EQ(difference(), "crc32c");
  bucket.put(key, "a\n");
  EXPECT_EQ(difference(), "size");
  bucket.clear();
  EXPECT_EQ(difference(), "missing");
}

TEST_F(JobVerifierTest, ParquetFootersAreRead) {
  run(Format::kParquet);
  EXPECT_TRUE(verify().differences.empty());
  const auto [key, content] = *bucket.objects().begin();
  std::string broken = content;
  broken.back() = 'X';
  bucket.put(key, broken);
  const VerifyReport report = verify();
  ASSERT_EQ(report.differences.size(), 2U);
  EXPECT_EQ(report.differences[0].what, "crc32c");
  EXPECT_EQ(report.differences[1].what, "parquet footer");
}

TEST_F(JobVerifierTest, OnlyWhatIsDone) {
  enqueue("1", "SELECT 1 AS a");
  const Error error = caught([&] { verify(); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.message(), testing::HasSubstr("waiting"));
}

}  // namespace
}  // namespace sluice

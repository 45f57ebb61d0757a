#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class MetricsTest : public testing::Test, protected ApiWorld {
 protected:
  std::string metrics() { return api.handle(request("GET", "/metrics")).body; }
};

TEST_F(MetricsTest, WhatHasEndedAndWhatWaits) {
  make_sink();
  run_sink();
  clock.advance(std::chrono::seconds(2));
  EXPECT_THAT(metrics(), HasSubstr("\nsluice_jobs{status=\"waiting\"} 1\n"));
  EXPECT_THAT(metrics(), HasSubstr("\nsluice_oldest_waiting_seconds 2.0"));
  EXPECT_TRUE(workers.run_one());
  const std::string text = metrics();
  EXPECT_THAT(text, HasSubstr("\nsluice_jobs{status=\"waiting\"} 0\n"));
  EXPECT_THAT(text,
              HasSubstr("\nsluice_jobs_ended_total{status=\"done\",triggered_by=\"on_demand\"} 1"));
  EXPECT_THAT(text, HasSubstr("\nsluice_rows_written_total 3\n"));
  EXPECT_THAT(text, HasSubstr("\nsluice_job_wait_seconds_bucket{le=\"1\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("\nsluice_job_wait_seconds_bucket{le=\"5\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("\nsluice_build_info{version=\"1.2.3\"} 1\n"));
}

TEST_F(MetricsTest, NeedsAToken) {
  EXPECT_EQ(send_as("p.nobody", request("GET", "/metrics")).status, 403);
}

}  // namespace
}  // namespace sluice

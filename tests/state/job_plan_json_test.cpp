#include "state/job_plan_json.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace sluice {
namespace {

TEST(JobPlanJson, ReadsBackEqual) {
  JobPlan plan;
  plan.query = {{{"a", "SELECT 1"}, {"b", "SELECT 'größe' || \"x\"\n-- \\"}}, "SELECT * FROM b"};
  plan.settings = {"id",
                   "s3://bucket/p",
                   "{a}/{b, '%Y'}",
                   Format::kNdjson,
                   Compression::kGzip,
                   WriteStrategy::kTruncate,
                   EmptyResult::kError};
  plan.variables = {{"job_timestamp", "2026-11-23 08:30:00.000000"}, {"x", "\"'{}"}};
  const JobPlan back = plan_from_json(plan_to_json(plan));
  ASSERT_EQ(back.query.views.size(), 2U);
  EXPECT_EQ(back.query.views[0].name, "a");
  EXPECT_EQ(back.query.views[1].sql, plan.query.views[1].sql);
  EXPECT_EQ(back.query.sql, plan.query.sql);
  EXPECT_EQ(back.settings.connection_id, "id");
  EXPECT_EQ(back.settings.path, plan.settings.path);
  EXPECT_EQ(back.settings.file_template, plan.settings.file_template);
  EXPECT_EQ(back.settings.format, Format::kNdjson);
  EXPECT_EQ(back.settings.compression, Compression::kGzip);
  EXPECT_EQ(back.settings.write_strategy, WriteStrategy::kTruncate);
  EXPECT_EQ(back.settings.empty_result, EmptyResult::kError);
  EXPECT_EQ(back.variables, plan.variables);
}

TEST(JobPlanJson, NamesOfSecretsReadBackEqual) {
  JobPlan plan = sample_job("1").plan;
  plan.query.secrets = {{"a", true}, {"b", false}};
  EXPECT_EQ(plan_from_json(plan_to_json(plan)).query.secrets, plan.query.secrets);
}

TEST(JobPlanJson, DefaultsReadBackEqual) {
  const JobPlan back = plan_from_json(plan_to_json(sample_job("1").plan));
  EXPECT_TRUE(back.query.views.empty());
  EXPECT_TRUE(back.query.secrets.empty());
  EXPECT_TRUE(back.variables.empty());
  EXPECT_EQ(back.settings.write_strategy, WriteStrategy::kNew);
}

}  // namespace
}  // namespace sluice

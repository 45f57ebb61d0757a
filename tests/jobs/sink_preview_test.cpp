#include "jobs/sink_preview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/jobs_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

class SinkPreviewTest : public testing::Test, protected JobsWorld {
 protected:
  SinkPreviewTest() {
    plan_ = sample_job("1").plan;
    plan_.query.sql = "SELECT 'a' AS k, 1 AS v UNION ALL SELECT 'b', 2 UNION ALL SELECT 'b', 3";
    plan_.settings.file_template = "{k}";
  }
  PreviewResult preview() {
    return SinkPreview({connections, *engine, stores, clock, test_limits()}).run("p", plan_);
  }
  JobPlan plan_;
};

TEST_F(SinkPreviewTest, SaysWhatARunWouldDoAndWritesNothing) {
  plan_.settings.write_strategy = WriteStrategy::kNew;
  const std::string key = preview().files.at(0).key;
  bucket.put(key, "old");
  const PreviewResult result = preview();
  EXPECT_EQ(result.rows, 3U);
  EXPECT_EQ(result.file_count, 2U);
  EXPECT_TRUE(result.complete);
  ASSERT_EQ(result.files.size(), 2U);
  EXPECT_EQ(result.files[0].rows, 1U);
  EXPECT_TRUE(result.files[0].exists);
  EXPECT_EQ(result.files[0].action, "number");
  EXPECT_NE(result.files[0].writes, key);
  EXPECT_EQ(result.files[1].rows, 2U);
  EXPECT_EQ(result.files[1].action, "create");
  EXPECT_EQ(result.first_rows,
            "{\"k\":\"a\",\"v\":1}\n{\"k\":\"b\",\"v\":2}\n{\"k\":\"b\",\"v\":3}\n");
  EXPECT_EQ(result.store_error, "");
  EXPECT_EQ(bucket.count("stage"), 0U);
  EXPECT_EQ(bucket.objects().size(), 1U);
}

TEST_F(SinkPreviewTest, TheSchemaHasTypesWhereTheFormatHas) {
  plan_.settings.format = Format::kParquet;
  plan_.settings.options.drop_partition_columns = true;
  const PreviewResult result = preview();
  ASSERT_EQ(result.schema.size(), 2U);
  EXPECT_EQ(result.schema[0].type, "text");
  EXPECT_FALSE(result.schema[0].written);
  EXPECT_EQ(result.schema[1].type, "integer");
  EXPECT_TRUE(result.schema[1].written);
}

TEST_F(SinkPreviewTest, PiecesAreCounted) {
  plan_.settings.options.max_rows_per_file = 1;
  const PreviewResult result = preview();
  EXPECT_EQ(result.file_count, 3U);
  EXPECT_EQ(result.files[1].pieces, 2U);
  EXPECT_TRUE(result.files[1].writes.ends_with("b-0000.csv"));
}

TEST_F(SinkPreviewTest, AStoreThatRefusesIsPartOfTheAnswer) {
  bucket.fail("probe", "", ErrorCode::kUnauthenticated);
  const PreviewResult result = preview();
  EXPECT_NE(result.store_error, "");
  EXPECT_EQ(result.rows, 3U);
}

TEST_F(SinkPreviewTest, WhatARunWouldRefuseItRefuses) {
  plan_.settings.file_template = "{nothing}";
  EXPECT_ERROR(preview(), kInvalid);
}

}  // namespace
}  // namespace sluice

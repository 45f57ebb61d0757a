#include "pipeline/staged_files.h"

#include <gtest/gtest.h>

#include "pipeline/export_world.h"

namespace sluice {
namespace {

class StagedFilesTest : public testing::Test, protected ExportWorld {
 protected:
  StagedFile staged(const std::string& key) {
    StageOptions options;
    options.job_id = "job-1";
    const auto object = store.stage(key, options);
    object->finish();
    return {key, 0, 0, object->ticket()};
  }
  ExportRequest request_ = request("", "x");
  ExportParts parts_{*engine, store, journal, reservations};
};

TEST_F(StagedFilesTest, WhatNobodyPublishesIsRemoved) {
  {
    StagedFiles files(request_, parts_);
    files.add(staged("a"));
    files.add(staged("b"));
    EXPECT_EQ(bucket.staged(), 2U);
  }
  EXPECT_EQ(bucket.staged(), 0U);
}

TEST_F(StagedFilesTest, WhatIsTheJournalsStays) {
  {
    StagedFiles files(request_, parts_);
    files.add(staged("a"));
    files.keep();
  }
  EXPECT_EQ(bucket.staged(), 1U);
}

TEST_F(StagedFilesTest, OneThatCanNotBeRemovedHoldsNoOther) {
  bucket.fail("discard", "a", ErrorCode::kUnavailable);
  {
    StagedFiles files(request_, parts_);
    files.add(staged("a"));
    files.add(staged("b"));
  }
  EXPECT_EQ(bucket.staged(), 1U);
}

}  // namespace
}  // namespace sluice

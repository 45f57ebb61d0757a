#include "pipeline/publish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/export_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

class PublishTest : public testing::Test, protected ExportWorld {
 protected:
  StagedFile staged(const std::string& key, FileRole role = FileRole::kData) {
    StageOptions options;
    options.job_id = "job-1";
    options.overwrite = Overwrite::kNever;
    const auto object = store.stage(key, options);
    object->write(key);
    object->finish();
    return {key, 1, key.size(), object->ticket(), role};
  }
};

TEST_F(PublishTest, DataFirstThenManifestThenSuccess) {
  std::vector<StagedFile> files = {staged("_SUCCESS", FileRole::kSuccess),
                                   staged("_manifest.json", FileRole::kManifest)};
  for (int i = 0; i < 200; ++i) files.push_back(staged("f" + std::to_string(i)));
  publish(files, store, journal);
  EXPECT_EQ(bucket.objects().size(), 202U);
  std::vector<std::string> order;
  for (const std::string& call : bucket.calls()) {
    if (call.starts_with("publish ")) order.push_back(call.substr(8));
  }
  ASSERT_EQ(order.size(), 202U);
  EXPECT_EQ(order[200], "_manifest.json");
  EXPECT_EQ(order[201], "_SUCCESS");
  EXPECT_EQ(journal.published_keys.size(), 202U);
}

TEST_F(PublishTest, WithoutDataNoManifest) {
  const std::vector<StagedFile> files = {staged("a"),
                                         staged("_manifest.json", FileRole::kManifest)};
  bucket.fail("publish", "a", ErrorCode::kUnavailable);
  EXPECT_ERROR(publish(files, store, journal), kUnavailable);
  EXPECT_THAT(bucket.objects(), testing::IsEmpty());
}

TEST_F(PublishTest, RepeatedItIsTheSame) {
  const std::vector<StagedFile> files = {staged("a"), staged("b")};
  publish(files, store, journal);
  publish(files, store, journal);
  EXPECT_EQ(bucket.objects().size(), 2U);
}

TEST_F(PublishTest, ATakenNameIsTold) {
  const std::vector<StagedFile> files = {staged("a")};
  bucket.put("a", "theirs");
  const Error error = caught([&] { publish(files, store, journal); });
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_THAT(error.what(), testing::HasSubstr("'a'"));
}

}  // namespace
}  // namespace sluice

#include "object_store/s3_leftovers.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

class S3LeftoversTest : public testing::Test {
 protected:
  void put(const std::string& key) { world_.s3.put(key, {"x", "e", "", ""}); }

  S3World world_;
  S3Client s3_{world_.options().s3, world_.s3, world_.clock, world_.random};
};

TEST_F(S3LeftoversTest, AFolderIsRemovedPageByPageAlsoWhenStopped) {
  world_.s3.set_page_size(3);
  for (int i = 0; i < 20; ++i) put("p/.sluice/1/ü +" + std::to_string(i));
  for (int i = 0; i < 7; ++i) s3_.create_upload("p/.sluice/1/u" + std::to_string(i), {});
  s3_.create_upload("p/other", {});
  for (const char* key : {"p/.sluice/10/x", "p/.sluice/1", "p/k"}) put(key);
  world_.stop.request_stop();
  remove_folder(s3_, "p/.sluice/1/");
  EXPECT_EQ(world_.s3.objects().size(), 3U);
  EXPECT_EQ(world_.s3.uploads().size(), 1U);
  EXPECT_GE(world_.s3.calls("ListObjectsV2"), 7);
  remove_folder(s3_, "p/.sluice/1/");
}

TEST_F(S3LeftoversTest, AFolderNeedsNoRightToListUploads) {
  for (const auto& [status, code] : {std::pair(403, "AccessDenied"), {501, "NotImplemented"}}) {
    put("p/x");
    world_.s3.plan("ListMultipartUploads", {.status = status, .code = code});
    remove_folder(s3_, "p/");
    EXPECT_TRUE(world_.s3.objects().empty());
  }
  world_.s3.plan("ListMultipartUploads", {.status = 503, .code = "ServiceUnavailable"}, 100);
  EXPECT_ERROR(remove_folder(s3_, "p/"), kUnavailable);
}

TEST_F(S3LeftoversTest, WhatCannotBeRemovedIsAnError) {
  put("p/x");
  world_.s3.plan("DeleteObject", {.status = 403, .code = "AccessDenied"});
  EXPECT_ERROR(remove_folder(s3_, "p/"), kForbidden);
}

TEST_F(S3LeftoversTest, UploadsOfTheVeryKeyAreAborted) {
  for (const char* key : {"k", "k", "k2", "a"}) s3_.create_upload(key, {});
  abort_uploads_of(s3_, "k");
  EXPECT_EQ(world_.s3.uploads().size(), 2U);
  EXPECT_EQ(open_uploads(s3_, "", S3Purpose::kWork).size(), 2U);
}

TEST_F(S3LeftoversTest, ABestEffortThrowsNothing) {
  best_effort([] { throw Error(ErrorCode::kForbidden, "no"); });
}

}  // namespace
}  // namespace sluice

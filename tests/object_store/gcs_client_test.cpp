#include "object_store/gcs_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/crc32c.h"
#include "base/error.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class GcsClientTest : public testing::Test {
 protected:
  S3Body file(const std::string& bytes) {
    const std::string path = world_.folder / "chunk";
    std::ofstream(path, std::ios::binary) << bytes;
    S3Body body;
    body.file = path;
    body.size = bytes.size();
    return body;
  }
  GcsWritten insert(const std::string& key, const std::string& bytes, bool only_if_new = false) {
    return client_.insert(key, bytes, {"text/csv", "job-1", only_if_new, crc32c(bytes)});
  }

  GcsWorldParts world_;
  GcsClient client_ = world_.client();
};

TEST_F(GcsClientTest, InsertsAWholeObject) {
  const std::string bytes("a\r\n--b\0c", 8);
  EXPECT_EQ(insert("a/ü &?", bytes), GcsWritten::kDone);
  const auto object = world_.gcs.objects().at("a/ü &?");
  EXPECT_EQ(object.bytes, bytes);
  EXPECT_EQ(object.content_type, "text/csv");
  EXPECT_EQ(object.job_id, "job-1");
  EXPECT_EQ(insert("a/ü &?", "new", true), GcsWritten::kNameTaken);
  EXPECT_EQ(world_.gcs.objects().at("a/ü &?").bytes, bytes);
  const auto info = client_.head("a/ü &?");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->size, bytes.size());
  EXPECT_EQ(info->job_id, "job-1");
  EXPECT_EQ(info->checksum_crc32c.value().size(), 8U);
  EXPECT_FALSE(client_.head("a"));
}

TEST_F(GcsClientTest, AnUploadGoesOnWhereTheStoreStopped) {
  const std::string bytes = bytes_of_size(4 * kGcsChunkUnit);
  for (const FakeGcs::Fault fault :
       {FakeGcs::Fault{503}, FakeGcs::Fault{0, true}, FakeGcs::Fault{503, false, kGcsChunkUnit}}) {
    const std::string id = client_.begin_upload("k", {"text/csv", "job-1"});
    world_.gcs.plan("chunk", fault);
    EXPECT_EQ(client_.send_chunk("k", id, file(bytes), 0, std::nullopt), GcsWritten::kDone);
    EXPECT_EQ(client_.progress("k", id).value().persisted, bytes.size());
    world_.gcs.plan("chunk", fault);
    EXPECT_EQ(client_.send_chunk("k", id, file(bytes), bytes.size(), 2 * bytes.size()),
              GcsWritten::kDone);
    EXPECT_TRUE(client_.progress("k", id).value().complete);
    EXPECT_TRUE(world_.gcs.objects().at("k").bytes == bytes + bytes);
  }
}

TEST_F(GcsClientTest, AStoreThatNeverTakesAChunkIsUnavailable) {
  const std::string id = client_.begin_upload("k", {"text/csv", "job-1"});
  world_.gcs.plan("chunk", {503}, 100);
  EXPECT_ERROR(client_.send_chunk("k", id, file("x"), 0, 1), kUnavailable);
  EXPECT_EQ(world_.gcs.calls("chunk"), limits::kStoreAttempts);
}

TEST_F(GcsClientTest, AnUploadThatIsGoneIsTold) {
  const std::string id = client_.begin_upload("k", {"text/csv", "job-1"});
  client_.abort_upload("k", id);
  client_.abort_upload("k", id);
  client_.abort_upload("k", "never was");
  EXPECT_FALSE(client_.progress("k", id));
  EXPECT_EQ(client_.send_chunk("k", id, file("x"), 0, 1), GcsWritten::kNoUpload);
  EXPECT_EQ(client_.send_chunk("k", "never was", file("x"), 0, 1), GcsWritten::kNoUpload);
}

TEST_F(GcsClientTest, ANameThatIsTakenMeanwhileIsLeft) {
  const std::string id = client_.begin_upload("k", {"text/csv", "job-1", true});
  world_.gcs.put("k", {"foreign", "", ""});
  EXPECT_EQ(client_.send_chunk("k", id, file("x"), 0, 1), GcsWritten::kNameTaken);
  EXPECT_EQ(world_.gcs.objects().at("k").bytes, "foreign");
  EXPECT_FALSE(client_.progress("k", id));
}

TEST_F(GcsClientTest, ARefusedTokenIsRenewedOnce) {
  insert("a", "1");
  world_.gcs.expire_token();
  EXPECT_EQ(insert("b", "2"), GcsWritten::kDone);
  EXPECT_EQ(world_.gcs.calls("token"), 2);
  world_.gcs.plan("insert", {401}, 2);
  EXPECT_ERROR(insert("c", "3"), kUnauthenticated);
}

TEST_F(GcsClientTest, TroubleIsWaitedOutAndRefusalsAreNot) {
  for (const int status : {500, 503, 429, 408, 0}) {
    world_.gcs.plan("insert", {status}, 2);
    EXPECT_EQ(insert("k", "x"), GcsWritten::kDone) << status;
  }
  const int before = world_.gcs.calls("insert");
  world_.gcs.plan("insert", {403}, 2);
  EXPECT_ERROR(insert("k", "x"), kForbidden);
  EXPECT_EQ(world_.gcs.calls("insert"), before + 1);
}

TEST_F(GcsClientTest, AMissingBucketIsNamed) {
  auto options = world_.options();
  options.bucket = "elsewhere";
  GcsClient other(options, world_.tokens(), world_.gcs, world_.clock, world_.random);
  const Error error = caught([&] { other.begin_upload("k", {"a/b", ""}); });
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_THAT(error.what(), HasSubstr("gs://elsewhere/k"));
}

TEST_F(GcsClientTest, AnAnswerCanNotSendTheBytesElsewhere) {
  // The fake's Location header points to elsewhere.test; a chunk that went there would not arrive.
  const std::string id = client_.begin_upload("k", {"text/csv", "job-1"});
  EXPECT_EQ(id, "1");
  EXPECT_EQ(client_.send_chunk("k", id, file("x"), 0, 1), GcsWritten::kDone);
}

}  // namespace
}  // namespace sluice

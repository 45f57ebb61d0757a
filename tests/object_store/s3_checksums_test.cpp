#include "object_store/s3_checksums.h"

#include <gmock/gmock.h>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "object_store/s3_client.h"
#include "object_store/s3_crc32c.h"
#include "recording_client.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

using Kind = S3FaultPlan::Kind;
constexpr const char* kHeader = "x-amz-checksum-crc32c";
constexpr const char* kHash = "X-Amz-Content-Sha256";

class S3ChecksumsTest : public testing::Test {
 protected:
  S3Client client(const std::string& provider, const std::string& scheme = "http") {
    S3Options options = world_.options().s3;
    options.endpoint = scheme + "://localhost:9000";
    options.profile = provider_profile(provider);
    return {options, http_, world_.clock, world_.random};
  }
  static S3Written put(S3Client& s3, bool only_if_new = false, const std::string& key = "k") {
    return s3.put_object(key, memory_body("bytes"), {"text/csv", "job", only_if_new});
  }
  S3World world_;
  RecordingClient http_{world_.s3};
  const std::string crc_ = crc32c_text(crc32c("bytes"));
  const std::string sha_ = hex_encode(sha256("bytes"));
};

TEST_F(S3ChecksumsTest, AreSentWithPutAndPartAndAskedForWithHead) {
  auto s3 = client("aws");
  put(s3);
  EXPECT_EQ(world_.s3.objects().at("k").crc32c, crc_);
  EXPECT_EQ(http_.last(kHash), sha_) << "over http the payload is signed";
  EXPECT_EQ(s3.head_object("k")->checksum_crc32c, crc_);
  const std::string id = s3.create_upload("m", {});
  EXPECT_TRUE(world_.s3.uploads().at(id).checksums);
  const s3_xml::Part part = s3.upload_part("m", id, 1, memory_body("bytes"), {});
  EXPECT_EQ(part.crc32c, crc32c("bytes"));
  EXPECT_EQ(s3.complete_upload("m", id, {part}, false), S3Written::kDone);
  EXPECT_EQ(s3.head_object("m")->checksum_crc32c, crc32c_composite_text({crc32c("bytes")}));
}

TEST_F(S3ChecksumsTest, TakeThePlaceOfSha256OverTls) {
  auto known = client("aws", "https");
  put(known);
  EXPECT_EQ(http_.last(kHash), "UNSIGNED-PAYLOAD");
  EXPECT_EQ(http_.last(kHeader), crc_);
  known.head_object("k");
  EXPECT_EQ(http_.last(kHash), hex_encode(sha256(""))) << "no body, nothing saved";
  auto unknown = client("generic", "https");
  put(unknown);
  EXPECT_EQ(http_.last(kHash), sha_) << "not before the store has shown that it checks";
  put(unknown);
  EXPECT_EQ(http_.last(kHash), "UNSIGNED-PAYLOAD");
  world_.s3.set_checksums(FakeS3::Checksums::kIgnored);
  auto ignoring = client("generic", "https");
  put(ignoring);
  put(ignoring);
  EXPECT_EQ(http_.last(kHash), sha_);
}

TEST_F(S3ChecksumsTest, AreLeftOutAfterTheStoreRefusedThemOnce) {
  world_.s3.set_checksums(FakeS3::Checksums::kRefused);
  auto s3 = client("generic");
  EXPECT_EQ(put(s3), S3Written::kDone);
  EXPECT_EQ(world_.s3.calls("PutObject"), 2);
  EXPECT_EQ(put(s3), S3Written::kDone);
  EXPECT_EQ(world_.s3.calls("PutObject"), 3);
  const std::string id = s3.create_upload("m", {});
  EXPECT_EQ(s3.upload_part("m", id, 1, memory_body("bytes"), {}).crc32c, std::nullopt);
  s3.head_object("k");
  EXPECT_EQ(http_.with(kHeader), 1U);
  EXPECT_EQ(http_.with("x-amz-checksum-algorithm") + http_.with("x-amz-checksum-mode"), 0U);
}

TEST_F(S3ChecksumsTest, MayBeRefusedByAnyCall) {
  world_.s3.set_checksums(FakeS3::Checksums::kRefused);
  world_.s3.put("k", {"x", "e", "", ""});
  auto head_first = client("generic");
  EXPECT_EQ(head_first.head_object("k")->size, 1U);
  EXPECT_EQ(put(head_first), S3Written::kDone);
  EXPECT_EQ(http_.with(kHeader), 0U);
  auto upload_first = client("generic");
  const std::string id = upload_first.create_upload("m", {});
  EXPECT_EQ(world_.s3.calls("CreateMultipartUpload"), 2);
  upload_first.upload_part("m", id, 1, memory_body("bytes"), {});
  EXPECT_EQ(world_.s3.calls("UploadPart"), 1);
}

TEST_F(S3ChecksumsTest, AreNotGivenUpForARefusalOfSomethingElse) {
  world_.s3.set_conditions(FakeS3::Conditions::kRefused);
  auto s3 = client("generic");
  EXPECT_EQ(put(s3, true), S3Written::kUnsupported);
  EXPECT_EQ(put(s3, false), S3Written::kDone);
  EXPECT_EQ(world_.s3.objects().at("k").crc32c, crc_);
  world_.s3.plan("PutObject", {.status = 400, .code = "InvalidArgument"});
  EXPECT_ERROR(put(s3), kInvalid);
  put(s3);
  EXPECT_EQ(http_.last(kHeader), crc_);
}

TEST_F(S3ChecksumsTest, AreNotSentWhereTheProviderKnowsNone) {
  for (const char* provider : {"b2", "gcs"}) {
    auto s3 = client(provider);
    put(s3);
    s3.head_object("k");
    s3.create_upload("m", {});
  }
  EXPECT_EQ(http_.with(kHeader) + http_.with("x-amz-checksum-algorithm") +
                http_.with("x-amz-checksum-mode"),
            0U);
}

TEST_F(S3ChecksumsTest, OtherBytesAreSentAgainAndInTheEndCorrupt) {
  auto s3 = client("aws");
  for (const Kind kind : {Kind::kWrongChecksum, Kind::kWrongEtag}) {
    world_.s3.plan("PutObject", {.kind = kind}, 2);
    EXPECT_EQ(put(s3), S3Written::kDone);
    world_.s3.plan("PutObject", {.kind = kind}, limits::kStoreAttempts);
    EXPECT_ERROR(put(s3), kCorrupt);
  }
  // The store's own finding: other bytes arrived than the checksum says.
  S3Body damaged = memory_body("bytes");
  damaged.crc32c = crc32c("other bytes");
  EXPECT_ERROR(s3.put_object("damaged", damaged, {}), kCorrupt);
  EXPECT_FALSE(world_.s3.objects().contains("damaged"));
}

TEST_F(S3ChecksumsTest, EtagsOfEncryptedObjectsAreNotCompared) {
  S3Options options = world_.options().s3;
  class Kms final : public HttpClient {
    HttpResponse send(const HttpRequest&) override {
      return {
          200,
          {{"ETag", hex_encode(md5("ciphertext"))}, {"x-amz-server-side-encryption", "aws:kms"}},
          ""};
    }
  } kms;
  S3Client s3(options, kms, world_.clock, world_.random);
  EXPECT_EQ(put(s3), S3Written::kDone);
}

TEST_F(S3ChecksumsTest, OfACopyAreComparedAsFarAsBothSidesTellThem) {
  const auto agrees = [](const std::string& crc, const std::string& md5,
                         const s3_xml::Copied& copy) {
    ObjectInfo source;
    if (!crc.empty()) source.checksum_crc32c = crc;
    source.md5 = md5;
    return S3Checksums::agrees(source, copy, copy.etag);
  };
  EXPECT_TRUE(agrees("", "", {"m", "c"}));
  EXPECT_TRUE(agrees("", "m", {"m", "c"}));
  EXPECT_TRUE(agrees("", "m", {"", "c"}));
  EXPECT_FALSE(agrees("", "m", {"n", "c"}));
  EXPECT_FALSE(agrees("c", "m", {"m", "d"}));
  EXPECT_TRUE(agrees("c", "m", {"n", "c"})) << "the checksum is told, the ETag guessed at";
  EXPECT_TRUE(agrees("c-2", "", {"m", "d"})) << "a checksum of parts' checksums";
}

TEST_F(S3ChecksumsTest, AnswersOfGoogleAreRead) {
  const auto given = [](std::vector<HttpHeader> headers) {
    return S3Checksums::in_answer({200, std::move(headers), ""});
  };
  EXPECT_EQ(given({{"X-Goog-Hash", "crc32c=n03x6A=="}, {"X-Goog-Hash", "md5=abc=="}}), "n03x6A==");
  EXPECT_EQ(given({{"x-goog-hash", "crc32c=n03x6A==,md5=abc=="}}), "n03x6A==");
  EXPECT_EQ(given({{"x-goog-hash", "md5=abc=="}}), "");
  EXPECT_EQ(given({{"X-Amz-Checksum-Crc32c", "AAAAAA=="}}), "AAAAAA==");
}

}  // namespace
}  // namespace sluice

#include "object_store/s3_client.h"

#include <gmock/gmock.h>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "recording_client.h"
#include "stores.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = S3FaultPlan::Kind;

class S3ClientTest : public testing::Test {
 protected:
  S3Client client() { return {world_.options().s3, world_.s3, world_.clock, world_.random}; }
  static S3Body body(std::string_view bytes) { return memory_body(bytes); }
  Error error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("TheSecretKeyOfTests")));
      EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("Signature=")));
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {ErrorCode::kInternal, ""};
  }
  S3World world_;
};

TEST_F(S3ClientTest, PutsFromMemoryAndFromARangeOfAFile) {
  auto s3 = client();
  EXPECT_EQ(s3.put_object("a b/ü+%", body("bytes"), {"text/csv", "job", false}), S3Written::kDone);
  const std::string path = world_.folder.path() + "/file";
  std::ofstream(path) << "0123456789";
  S3Body range;
  range.file = path;
  range.offset = 3;
  range.size = 4;
  s3.put_object("range", range, {"text/csv", "job", false});
  const auto objects = world_.s3.objects();
  EXPECT_EQ(objects.at("a b/ü+%").bytes, "bytes");
  EXPECT_EQ(objects.at("a b/ü+%").content_type, "text/csv");
  EXPECT_EQ(objects.at("range").bytes, "3456");
  const ObjectInfo info = s3.head_object("range").value();
  EXPECT_EQ(info.job_id, "job");
  EXPECT_EQ(info.etag, hex_encode(md5("3456")));
  EXPECT_EQ(s3.head_object("none"), std::nullopt);
}

struct HealingCase {
  const char* name;
  S3FaultPlan fault;
};

class Healing : public S3ClientTest, public testing::WithParamInterface<HealingCase> {};

TEST_P(Healing, IsTriedAgainWithGrowingWaits) {
  auto s3 = client();
  world_.s3.plan("PutObject", GetParam().fault, 4);
  EXPECT_EQ(s3.put_object("k", body("x"), {}), S3Written::kDone);
  EXPECT_EQ(world_.s3.calls("PutObject"), 5);
  const auto sleeps = world_.clock.sleeps();
  ASSERT_EQ(sleeps.size(), 4U);
  for (size_t i = 0; i < sleeps.size(); ++i) {
    EXPECT_LE(sleeps[i], std::chrono::milliseconds(200) * (1 << i));
  }
}

TEST_P(Healing, EndsAfterTheLastAttempt) {
  auto s3 = client();
  world_.s3.plan("PutObject", GetParam().fault, 100);
  const Error error = error_of([&] { s3.put_object("k", body("x"), {}); });
  EXPECT_TRUE(error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kTimeout);
  EXPECT_THAT(error.message(), HasSubstr("s3://bucket/k"));
  // Throttling is borne longer.
  if (is_throttled({.status = GetParam().fault.status, .code = GetParam().fault.code})) {
    EXPECT_GT(world_.s3.calls("PutObject"), limits::kStoreAttempts);
    std::chrono::nanoseconds waited{0};
    for (const auto sleep : world_.clock.sleeps()) waited += sleep;
    EXPECT_LE(waited, limits::kStoreRetryBudget / 2);
    EXPECT_GE(waited, limits::kStoreRetryBudget / 4);
  } else {
    EXPECT_EQ(world_.s3.calls("PutObject"), limits::kStoreAttempts);
  }
  EXPECT_TRUE(world_.s3.objects().empty());
}

INSTANTIATE_TEST_SUITE_P(
    S3, Healing,
    testing::Values(HealingCase{"InternalError", {}},
                    HealingCase{"SlowDown", {.status = 503, .code = "SlowDown"}},
                    HealingCase{"TooMany", {.status = 429, .code = "TooManyRequests"}},
                    HealingCase{"BadGateway", {.status = 502, .code = ""}},
                    HealingCase{"RequestTimeout", {.status = 400, .code = "RequestTimeout"}},
                    HealingCase{"Reset", {.kind = Kind::kResetBefore}}),
    [](const testing::TestParamInfo<HealingCase>& test) { return test.param.name; });

TEST_F(S3ClientTest, WaitsAsLongAsTheStoreAsksButNotBeyondTheBudget) {
  auto s3 = client();
  world_.s3.plan("HeadObject",
                 {.status = 503, .code = "SlowDown", .headers = {{"Retry-After", "7"}}});
  s3.head_object("k");
  EXPECT_EQ(world_.clock.sleeps().at(0), std::chrono::seconds(7));
  world_.s3.plan("HeadObject",
                 {.status = 503, .code = "SlowDown", .headers = {{"Retry-After", "3600"}}});
  EXPECT_EQ(error_of([&] { s3.head_object("k"); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(world_.clock.sleeps().size(), 1U);
}

TEST_F(S3ClientTest, StopEndsTheWaiting) {
  auto s3 = client();
  world_.s3.plan("HeadObject", {}, 100);
  world_.s3.on_call = [&](const std::string&) {
    if (world_.s3.calls("HeadObject") == 1) world_.stop.request_stop();
  };
  EXPECT_EQ(error_of([&] { s3.head_object("k"); }).code(), ErrorCode::kCancelled);
}

struct RefusalCase {
  const char* name;
  S3FaultPlan fault;
  ErrorCode code;
  const char* says;
};

class Refusal : public S3ClientTest, public testing::WithParamInterface<RefusalCase> {};

TEST_P(Refusal, IsNotTriedAgainAndSaysWhatToCheck) {
  auto s3 = client();
  world_.s3.plan("CreateMultipartUpload", GetParam().fault);
  const Error error = error_of([&] { s3.create_upload("k", {}); });
  EXPECT_EQ(error.code(), GetParam().code) << error.message();
  EXPECT_THAT(error.message() + " " + error.hint(), HasSubstr(GetParam().says));
  EXPECT_EQ(world_.s3.calls("CreateMultipartUpload"), 1);
}

INSTANTIATE_TEST_SUITE_P(
    S3, Refusal,
    testing::Values(
        RefusalCase{"AccessDenied",
                    {.status = 403, .code = "AccessDenied"},
                    ErrorCode::kForbidden,
                    "AccessDenied"},
        RefusalCase{"ExpiredToken",
                    {.status = 400, .code = "ExpiredToken"},
                    ErrorCode::kUnauthenticated,
                    "expired"},
        RefusalCase{"WrongSecret",
                    {.status = 403, .code = "SignatureDoesNotMatch"},
                    ErrorCode::kUnauthenticated,
                    "secret access key"},
        RefusalCase{"UnknownKey",
                    {.status = 403, .code = "InvalidAccessKeyId"},
                    ErrorCode::kUnauthenticated,
                    "access key id"},
        RefusalCase{
            "NoBucket", {.status = 404, .code = "NoSuchBucket"}, ErrorCode::kNotFound, "bucket"},
        RefusalCase{"TemporaryRedirect",
                    {.status = 307, .code = "TemporaryRedirect"},
                    ErrorCode::kInvalid,
                    "region"},
        RefusalCase{"Unknown",
                    {.status = 400, .code = "SomethingNew"},
                    ErrorCode::kInvalid,
                    "SomethingNew"},
        RefusalCase{"Status", {.status = 403, .code = ""}, ErrorCode::kForbidden, "HTTP 403"}),
    [](const testing::TestParamInfo<RefusalCase>& test) { return test.param.name; });

TEST_F(S3ClientTest, AClockThatIsWrongTwiceIsAnError) {
  auto s3 = client();
  world_.s3.plan("CreateMultipartUpload", {.status = 403, .code = "RequestTimeTooSkewed"}, 2);
  const Error error = error_of([&] { s3.create_upload("k", {}); });
  EXPECT_EQ(error.code(), ErrorCode::kUnauthenticated);
  EXPECT_THAT(error.message() + " " + error.hint(), HasSubstr("Mon, 23 Nov 2026 08:30:00 GMT"));
  EXPECT_EQ(world_.s3.calls("CreateMultipartUpload"), 2);
}

TEST_F(S3ClientTest, WrongSecretBucketAndRegionAreToldApart) {
  auto options = world_.options().s3;
  StoreCredentials other = world_.credentials;
  other.secret_key = Secret("another secret");
  options.credentials = fixed_credentials(other);
  EXPECT_EQ(error_of([&] {
              S3Client(options, world_.s3, world_.clock, world_.random).create_upload("k", {});
            }).code(),
            ErrorCode::kUnauthenticated);
  options = world_.options().s3;
  options.bucket = "elsewhere";
  EXPECT_EQ(error_of([&] {
              S3Client(options, world_.s3, world_.clock, world_.random).create_upload("k", {});
            }).code(),
            ErrorCode::kNotFound);
}

TEST_F(S3ClientTest, TheRegionThatTheStoreNamesIsUsedFromThenOn) {
  world_.s3.set_region("eu-central-1");
  RecordingClient recorder(world_.s3);
  S3Client s3(world_.options().s3, recorder, world_.clock, world_.random);
  EXPECT_EQ(s3.put_object("k", body("x"), {}), S3Written::kDone);
  EXPECT_EQ(recorder.count(), 2U);
  EXPECT_THAT(recorder.last("Authorization"), HasSubstr("/eu-central-1/s3/"));
  EXPECT_EQ(s3.put_object("l", body("x"), {}), S3Written::kDone);
  EXPECT_EQ(recorder.count(), 3U);
  EXPECT_TRUE(world_.clock.sleeps().empty());
}

TEST_F(S3ClientTest, TheRegionInAnAnswerWithoutABodyIsUsed) {
  world_.s3.set_region("eu-west-3");
  RecordingClient recorder(world_.s3);
  S3Client s3(world_.options().s3, recorder, world_.clock, world_.random);
  world_.s3.plan("HeadObject", {.status = 400, .headers = {{"x-amz-bucket-region", "eu-west-3"}}},
                 1);
  EXPECT_FALSE(s3.head_object("k"));
  EXPECT_EQ(recorder.count(), 3U) << "refused, repeated, and whether the bucket is there";
  EXPECT_THAT(recorder.last("Authorization"), HasSubstr("/eu-west-3/s3/"));
}

TEST_F(S3ClientTest, ARedirectWithoutARegionOrInACircleIsAnError) {
  auto s3 = client();
  world_.s3.plan("PutObject", {.status = 301, .code = "PermanentRedirect"}, 1);
  EXPECT_EQ(error_of([&] { s3.put_object("k", body("x"), {}); }).code(), ErrorCode::kInvalid);
  world_.s3.plan("PutObject",
                 {.status = 301,
                  .code = "PermanentRedirect",
                  .headers = {{"x-amz-bucket-region", "evil.test/"}}},
                 1);
  EXPECT_EQ(error_of([&] { s3.put_object("k", body("x"), {}); }).code(), ErrorCode::kInvalid);
  // To another region and from there back.
  world_.s3.plan("PutObject",
                 {.status = 307,
                  .code = "TemporaryRedirect",
                  .headers = {{"x-amz-bucket-region", "eu-west-1"}}},
                 1);
  EXPECT_THAT(error_of([&] { s3.put_object("k", body("x"), {}); }).hint(), HasSubstr("us-east-1"));
}

TEST_F(S3ClientTest, TheStoresClockIsTakenOnceACall) {
  RecordingClient recorder(world_.s3);
  S3Client s3(world_.options().s3, recorder, world_.clock, world_.random);
  const S3FaultPlan skewed{.status = 403,
                           .code = "RequestTimeTooSkewed",
                           .headers = {{"Date", "Mon, 23 Nov 2026 10:00:00 GMT"}}};
  world_.s3.plan("PutObject", skewed, 1);
  EXPECT_EQ(s3.put_object("k", body("x"), {}), S3Written::kDone);
  EXPECT_EQ(recorder.last("X-Amz-Date"), "20261123T100000Z");
  world_.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(s3.put_object("k", body("x"), {}), S3Written::kDone);
  EXPECT_EQ(recorder.last("X-Amz-Date"), "20261123T100100Z");
  world_.s3.plan("PutObject", skewed, 2);
  EXPECT_EQ(error_of([&] { s3.put_object("k", body("x"), {}); }).code(),
            ErrorCode::kUnauthenticated);
}

TEST_F(S3ClientTest, DeletesAnObjectAndMindsNoneThere) {
  auto s3 = client();
  s3.put_object("k", body("x"), {});
  s3.delete_object("k");
  s3.delete_object("k");
  EXPECT_TRUE(world_.s3.objects().empty());
  world_.s3.plan("DeleteObject", {.status = 403, .code = "AccessDenied"}, 1);
  EXPECT_EQ(error_of([&] { s3.delete_object("k"); }).code(), ErrorCode::kForbidden);
}

TEST_F(S3ClientTest, SessionTokenIsSentAndSigned) {
  auto options = world_.options().s3;
  StoreCredentials session = world_.credentials;
  session.session_token = Secret("a token");
  options.credentials = fixed_credentials(session);
  S3Client s3(options, world_.s3, world_.clock, world_.random);
  EXPECT_EQ(s3.put_object("k", body("x"), {}), S3Written::kDone);
}

TEST_F(S3ClientTest, ObjectsAreCreatedAsTheConnectionSays) {
  RecordingClient recorder(world_.s3);
  auto options = world_.options().s3;
  options.objects = {"aws:kms", "alias/ours", "STANDARD_IA", "bucket-owner-full-control"};
  S3Client s3(options, recorder, world_.clock, world_.random);
  const auto expect_all = [&](size_t count) {
    for (const char* name :
         {"x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
          "x-amz-storage-class", "x-amz-acl"}) {
      EXPECT_EQ(recorder.with(name), count) << name;
    }
  };
  s3.put_object("k", body("x"), {});
  expect_all(1);
  EXPECT_EQ(recorder.last("x-amz-server-side-encryption"), "aws:kms");
  EXPECT_EQ(recorder.last("x-amz-acl"), "bucket-owner-full-control");
  const std::string upload = s3.create_upload("l", {});
  expect_all(2);
  // S3 takes them when an upload begins, and refuses them with its parts.
  s3.upload_part("l", upload, 1, body("x"), {});
  expect_all(2);
}

/// Gives keys that the store takes, but first others, as often as told.
class TurningSource final : public CredentialSource {
 public:
  TurningSource(StoreCredentials good, int bad) : good_(std::move(good)), bad_(bad) {}
  StoreCredentials get(const std::stop_token&) override {
    StoreCredentials keys = good_;
    keys.session_token = Secret("t" + std::to_string(bad_));
    return keys;
  }
  bool renew(const StoreCredentials& expired) override {
    EXPECT_EQ(expired.session_token.reveal(), "t" + std::to_string(bad_));
    ++renewed;
    --bad_;
    return true;
  }
  int renewed = 0;

 private:
  StoreCredentials good_;
  int bad_;
};

TEST_F(S3ClientTest, ExpiredKeysAreRenewedOnceACall) {
  auto options = world_.options().s3;
  const auto source = std::make_shared<TurningSource>(world_.credentials, 1);
  options.credentials = source;
  S3Client s3(options, world_.s3, world_.clock, world_.random);
  world_.s3.plan("PutObject", {.status = 400, .code = "ExpiredToken"}, 1);
  EXPECT_EQ(s3.put_object("k", body("x"), {}), S3Written::kDone);
  EXPECT_EQ(source->renewed, 1);
  world_.s3.plan("PutObject", {.status = 400, .code = "ExpiredToken"}, 2);
  EXPECT_EQ(error_of([&] { s3.put_object("k", body("x"), {}); }).code(),
            ErrorCode::kUnauthenticated);
  EXPECT_EQ(source->renewed, 2);
  // An answer to HEAD can't name its reason.
  world_.s3.plan("HeadObject", {.status = 400, .code = ""}, 1);
  EXPECT_EQ(s3.head_object("k")->size, 1U);
  EXPECT_EQ(source->renewed, 3);
}

TEST_F(S3ClientTest, PartOfOtherBytesIsCorruptUnlessEtagsAreNoMd5) {
  auto s3 = client();
  const std::string id = s3.create_upload("k", {});
  world_.s3.plan("UploadPart", {.kind = Kind::kWrongEtag}, 2);
  EXPECT_EQ(s3.upload_part("k", id, 1, body("x"), {}).etag, hex_encode(md5("x")));
  world_.s3.plan("UploadPart", {.kind = Kind::kWrongEtag}, limits::kStoreAttempts);
  EXPECT_EQ(error_of([&] { s3.upload_part("k", id, 1, body("x"), {}); }).code(),
            ErrorCode::kCorrupt);
  auto options = world_.options().s3;
  options.profile.etag_is_md5 = false;
  S3Client lenient(options, world_.s3, world_.clock, world_.random);
  world_.s3.plan("UploadPart", {.kind = Kind::kWrongEtag});
  EXPECT_EQ(lenient.upload_part("k", id, 1, body("x"), {}).etag, hex_encode(md5("other")));
}

TEST_F(S3ClientTest, CompleteTellsItsEndsApart) {
  auto s3 = client();
  const auto begin = [&] {
    const std::string id = s3.create_upload("k", {});
    return std::pair(id, std::vector{s3.upload_part("k", id, 1, body("x"), {})});
  };
  auto [id, parts] = begin();
  world_.s3.plan("CompleteMultipartUpload", {.kind = Kind::kErrorIn200});
  EXPECT_EQ(s3.complete_upload("k", id, parts, false), S3Written::kDone);
  EXPECT_EQ(world_.s3.calls("CompleteMultipartUpload"), 2);
  EXPECT_EQ(s3.complete_upload("k", id, parts, false), S3Written::kGone);
  std::tie(id, parts) = begin();
  EXPECT_EQ(s3.complete_upload("k", id, parts, true), S3Written::kNameTaken);
  world_.s3.plan("CompleteMultipartUpload", {.kind = Kind::kCutAnswer});
  EXPECT_EQ(s3.complete_upload("k", id, parts, false), S3Written::kUnclear);
  std::tie(id, parts) = begin();
  world_.s3.plan("CompleteMultipartUpload", {.kind = Kind::kEmptyAnswer});
  EXPECT_EQ(s3.complete_upload("k", id, parts, false), S3Written::kUnclear);
  std::tie(id, parts) = begin();
  world_.s3.set_conditions(FakeS3::Conditions::kRefused);
  EXPECT_EQ(s3.complete_upload("k", id, parts, true), S3Written::kUnsupported);
  world_.s3.plan("CompleteMultipartUpload", {.kind = Kind::kErrorIn200, .code = "AccessDenied"});
  EXPECT_EQ(error_of([&] { s3.complete_upload("k", id, parts, false); }).code(),
            ErrorCode::kForbidden);
}

TEST_F(S3ClientTest, ReadsARangeAlsoWhereTheStoreSendsAll) {
  auto s3 = client();
  s3.put_object("k", body("0123456789"), {});
  for (const bool ranges : {true, false}) {
    world_.s3.set_ranges(ranges);
    EXPECT_EQ(s3.read_object("k", 0, 10), "0123456789");
    EXPECT_EQ(s3.read_object("k", 3, 4), "3456");
    EXPECT_EQ(s3.read_object("k", 9, 1), "9");
    EXPECT_EQ(error_of([&] { s3.read_object("k", 9, 2); }).code(), ErrorCode::kCorrupt);
    EXPECT_EQ(error_of([&] { s3.read_object("k", 10, 1); }).code(), ErrorCode::kCorrupt);
    EXPECT_EQ(error_of([&] { s3.read_object("none", 0, 1); }).code(), ErrorCode::kNotFound);
  }
  world_.s3.plan("GetObject", {.kind = Kind::kResetBefore});
  EXPECT_EQ(s3.read_object("k", 3, 4), "3456");
}

TEST_F(S3ClientTest, CutListingsAreReadAgain) {
  auto s3 = client();
  s3.put_object("k", body("x"), {});
  world_.s3.plan("ListObjectsV2", {.kind = Kind::kCutAnswer});
  EXPECT_EQ(s3.list_objects("", "").objects.size(), 1U);
  EXPECT_EQ(world_.s3.calls("ListObjectsV2"), 2);
}

TEST_F(S3ClientTest, AbortOfAnUploadThatIsGoneIsNoErrorAndIgnoresStop) {
  auto s3 = client();
  const std::string id = s3.create_upload("k", {});
  world_.stop.request_stop();
  s3.abort_upload("k", id);
  s3.abort_upload("k", id);
  EXPECT_TRUE(world_.s3.uploads().empty());
}

}  // namespace
}  // namespace sluice

// The calls of S3Client that copy, and what it tells others who write.
#include <gmock/gmock.h>

#include "base/encoding.h"
#include "base/hash.h"
#include "object_store/s3_client.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using Kind = S3FaultPlan::Kind;

class S3ClientCopyTest : public testing::Test {
 protected:
  S3Client client() { return {world_.options().s3, world_.s3, world_.clock, world_.random}; }

  S3World world_;
};

TEST_F(S3ClientCopyTest, CopyTellsItsEndsApart) {
  auto s3 = client();
  s3.put_object("a b/ü+%", memory_body("bytes"), {"text/x", "job-0"});
  const ObjectInfo source = s3.head_object("a b/ü+%").value();
  EXPECT_EQ(source.md5, hex_encode(md5("bytes")));
  EXPECT_EQ(s3.copy_object(source, "k", {"text/csv", "job", true}), S3Written::kDone);
  EXPECT_EQ(world_.s3.objects().at("k").bytes, "bytes");
  EXPECT_EQ(world_.s3.objects().at("k").job_id, "job");
  EXPECT_EQ(s3.copy_object(source, "k", {"text/csv", "job", true}), S3Written::kNameTaken);
  world_.s3.plan("CopyObject", {.kind = Kind::kErrorIn200, .code = "PreconditionFailed"});
  EXPECT_EQ(s3.copy_object(source, "k", {"text/csv", "job", true}), S3Written::kNameTaken);
  world_.s3.set_conditions(FakeS3::Conditions::kRefused);
  EXPECT_EQ(s3.copy_object(source, "k", {"text/csv", "job", true}), S3Written::kUnsupported);
  ObjectInfo none = source;
  none.key = "none";
  EXPECT_EQ(s3.copy_object(none, "k", {"text/csv", "job", false}), S3Written::kGone);
  world_.s3.plan("CopyObject", {.status = 403, .code = "AccessDenied"});
  EXPECT_THAT(caught([&] {
                s3.copy_object(source, "k", {"text/csv", "job", false});
              }).message(),
              HasSubstr("copying s3://bucket/a b/ü+% to s3://bucket/k"));
}

TEST_F(S3ClientCopyTest, PartsAreCopied) {
  auto s3 = client();
  s3.put_object("a", memory_body("0123456789"), {});
  const std::string id = s3.create_upload("k", {"text/csv", "job", false, false});
  const std::vector parts{s3.copy_part("a", {0, 6}, "k", id, 1),
                          s3.copy_part("a", {6, 4}, "k", id, 2)};
  EXPECT_EQ(parts[1].etag, hex_encode(md5("6789")));
  EXPECT_EQ(s3.complete_upload("k", id, parts, false), S3Written::kDone);
  EXPECT_EQ(world_.s3.objects().at("k").bytes, "0123456789");
  EXPECT_EQ(caught([&] {
              s3.copy_part("none", {0, 6}, "k", "no id", 1);
            }).code(),
            ErrorCode::kConflict);
}

TEST_F(S3ClientCopyTest, SaysWhereOthersWrite) {
  S3Options options = world_.options().s3;
  options.endpoint = "https://store.test";
  options.credentials = fixed_credentials({"AKIA", Secret("TheSecretKeyOfTests"), Secret("token")});
  const StoreAccess access = S3Client(options, world_.s3, world_.clock, world_.random).access();
  EXPECT_EQ(access.url, "https://bucket.store.test");
  EXPECT_EQ(access.access_key_id, "AKIA");
  EXPECT_EQ(access.secret_access_key.reveal(), "TheSecretKeyOfTests");
  EXPECT_EQ(access.session_token.reveal(), "token");
  EXPECT_EQ(client().access().url, "http://localhost:9000/bucket");
}

}  // namespace
}  // namespace sluice

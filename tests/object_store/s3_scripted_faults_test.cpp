// A store that misbehaves while a small and a large object are staged and published: it ends in
// success after repeating, or in an error that names the object, and then nothing is visible.
#include <gmock/gmock.h>

#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

using Kind = S3FaultPlan::Kind;
constexpr uint64_t kPart = 100'000;
constexpr int kForever = 1000;

struct FaultCase {
  const char* name;
  const char* operation;
  S3FaultPlan fault;
  int times;
  /// Nothing: it ends well.
  std::optional<ErrorCode> error;
};

class ScriptedFaults : public testing::TestWithParam<FaultCase> {
 protected:
  std::unique_ptr<ObjectStore> open() {
    S3StoreOptions options = world_.options();
    options.first_part_bytes = kPart;
    return world_.open(options);
  }
  void run(ObjectStore& store, const std::string& bytes, Overwrite overwrite) {
    auto object = store.stage("k", {.job_id = "job-1", .overwrite = overwrite});
    object->write(bytes);
    object->finish();
    EXPECT_EQ(store.publish(object->ticket()), PublishResult::kPublished);
  }
  S3World world_;
};

TEST_P(ScriptedFaults, EndWellOrWithAnErrorAndNothingVisible) {
  const FaultCase& test = GetParam();
  const bool is_put = std::string(test.operation) == "PutObject";
  const std::string bytes = bytes_of_size(is_put ? 1000 : 5 * kPart + 1);
  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kNever}) {
    auto store = open();
    world_.s3.plan(test.operation, test.fault, test.times);
    if (test.error) {
      const Error error = caught([&] { run(*store, bytes, overwrite); });
      EXPECT_EQ(error.code(), *test.error) << error.message();
      EXPECT_THAT(error.message(), testing::HasSubstr("s3://bucket/k"));
      EXPECT_TRUE(world_.s3.objects().empty());
    } else {
      run(*store, bytes, overwrite);
      EXPECT_TRUE(world_.s3.objects().at("k").bytes == bytes);
      EXPECT_TRUE(world_.s3.uploads().empty());
    }
    world_.s3.clear_plans();
    world_.s3.remove("k");
  }
}

const S3FaultPlan kSlowDown{.status = 503, .code = "SlowDown"};

INSTANTIATE_TEST_SUITE_P(
    S3, ScriptedFaults,
    testing::Values(
        FaultCase{"PartWrongEtag", "UploadPart", {.kind = Kind::kWrongEtag}, 2, {}},
        FaultCase{"PartAlwaysWrongEtag",
                  "UploadPart",
                  {.kind = Kind::kWrongEtag},
                  kForever,
                  ErrorCode::kCorrupt},
        FaultCase{"PartWrongChecksum", "UploadPart", {.kind = Kind::kWrongChecksum}, 2, {}},
        FaultCase{"PartAlwaysWrongChecksum",
                  "UploadPart",
                  {.kind = Kind::kWrongChecksum},
                  kForever,
                  ErrorCode::kCorrupt},
        FaultCase{"PartBadDigest", "UploadPart", {.status = 400, .code = "BadDigest"}, 2, {}},
        FaultCase{"PartLost", "UploadPart", {.kind = Kind::kLosePart}, 1, ErrorCode::kCorrupt},
        FaultCase{"PartReset", "UploadPart", {.kind = Kind::kResetBefore}, 4, {}},
        FaultCase{"PartAnswerLost", "UploadPart", {.kind = Kind::kResetAfter}, 4, {}},
        FaultCase{"PartAlwaysReset",
                  "UploadPart",
                  {.kind = Kind::kResetBefore},
                  kForever,
                  ErrorCode::kUnavailable},
        FaultCase{"PartSlowDown", "UploadPart", kSlowDown, 7, {}},
        FaultCase{"PartAlwaysSlowDown", "UploadPart", kSlowDown, kForever, ErrorCode::kUnavailable},
        FaultCase{"PartUploadGone",
                  "UploadPart",
                  {.status = 404, .code = "NoSuchUpload"},
                  1,
                  ErrorCode::kConflict},
        FaultCase{"BeginSlowDown", "CreateMultipartUpload", kSlowDown, 4, {}},
        FaultCase{"BeginCut", "CreateMultipartUpload", {.kind = Kind::kErrorIn200}, 2, {}},
        FaultCase{"CompleteSlowDown", "CompleteMultipartUpload", kSlowDown, 4, {}},
        FaultCase{
            "CompleteErrorIn200", "CompleteMultipartUpload", {.kind = Kind::kErrorIn200}, 4, {}},
        FaultCase{"CompleteAlwaysErrorIn200",
                  "CompleteMultipartUpload",
                  {.kind = Kind::kErrorIn200},
                  kForever,
                  ErrorCode::kUnavailable},
        FaultCase{"CompleteSlowDownIn200",
                  "CompleteMultipartUpload",
                  {.kind = Kind::kErrorIn200, .code = "SlowDown"},
                  4,
                  {}},
        FaultCase{"CompleteReset", "CompleteMultipartUpload", {.kind = Kind::kResetBefore}, 4, {}},
        FaultCase{
            "CompleteAnswerLost", "CompleteMultipartUpload", {.kind = Kind::kResetAfter}, 1, {}},
        FaultCase{
            "CompleteAnswerCut", "CompleteMultipartUpload", {.kind = Kind::kCutAnswer}, 1, {}},
        FaultCase{"CompleteInvalidPart",
                  "CompleteMultipartUpload",
                  {.status = 400, .code = "InvalidPart"},
                  1,
                  ErrorCode::kCorrupt},
        FaultCase{"PutWrongEtag", "PutObject", {.kind = Kind::kWrongEtag}, 2, {}},
        FaultCase{"PutWrongChecksum", "PutObject", {.kind = Kind::kWrongChecksum}, 2, {}},
        FaultCase{"PutAlwaysBadDigest",
                  "PutObject",
                  {.status = 400, .code = "BadDigest"},
                  kForever,
                  ErrorCode::kCorrupt},
        FaultCase{"PutReset", "PutObject", {.kind = Kind::kResetBefore}, 4, {}},
        FaultCase{"PutAnswerLost", "PutObject", {.kind = Kind::kResetAfter}, 4, {}},
        FaultCase{"PutSlowDown", "PutObject", kSlowDown, 7, {}},
        FaultCase{"PutAlwaysSlowDown", "PutObject", kSlowDown, kForever, ErrorCode::kUnavailable}),
    [](const testing::TestParamInfo<FaultCase>& test) { return test.param.name; });

}  // namespace
}  // namespace sluice

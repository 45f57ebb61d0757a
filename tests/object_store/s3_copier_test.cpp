// Objects that another party has written: published by a copy within the store.
#include "object_store/s3_copier.h"

#include <gmock/gmock.h>

#include "base/crc32c.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "object_store/s3_crc32c.h"
#include "recording_client.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

using Kind = S3FaultPlan::Kind;
constexpr const char* kSource = "p/.sluice/1/1/ü +%.csv";
constexpr size_t kWhole = 1000;  ///< Larger ones are copied in parts.

class S3CopierTest : public testing::TestWithParam<size_t> {
 protected:
  std::unique_ptr<ObjectStore> open(const std::string& provider = "generic") {
    S3StoreOptions options = world_.options();
    options.s3.profile = provider_profile(provider);
    options.s3.on_part = [this] { ++parts_; };
    options.copies = {kWhole, 300};
    return make_s3_store(options, http_, world_.clock, world_.random);
  }
  StageTicket adopted(Overwrite overwrite = Overwrite::kReplace) {
    const std::string bytes = bytes_of_size(GetParam());
    world_.s3.put(kSource, {bytes, hex_encode(md5(bytes)), "theirs/theirs", ""});
    return store_->adopt(kSource, bytes.size(), "k", options(overwrite)).value();
  }
  static StageOptions options(Overwrite overwrite) {
    return {.job_id = "job-1", .content_type = "text/csv", .overwrite = overwrite};
  }
  /// The call that makes the object appear.
  static std::string last_call() {
    return GetParam() > kWhole ? "CompleteMultipartUpload" : "CopyObject";
  }
  void expect_published() {
    const auto objects = world_.s3.objects();
    ASSERT_EQ(objects.size(), 1U) << "the source is gone";
    EXPECT_EQ(objects.at("k").bytes, bytes_of_size(GetParam()));
    EXPECT_EQ(objects.at("k").job_id, "job-1");
    EXPECT_EQ(objects.at("k").content_type, "text/csv");
    EXPECT_TRUE(world_.s3.uploads().empty());
  }
  void expect_only_source() {
    EXPECT_EQ(world_.s3.objects().size(), 1U);
    EXPECT_TRUE(world_.s3.objects().contains(kSource));
    EXPECT_TRUE(world_.s3.uploads().empty());
  }

  S3World world_;
  int parts_ = 0;  ///< That were told of.
  RecordingClient http_{world_.s3};
  std::unique_ptr<ObjectStore> store_ = open();
};

INSTANTIATE_TEST_SUITE_P(Sizes, S3CopierTest, testing::Values(0U, 7U, kWhole, kWhole + 1, 5000U),
                         testing::PrintToStringParamName());

TEST_P(S3CopierTest, PublishesAndRemovesTheSource) {
  world_.s3.set_copy_limit(kWhole);
  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kNever}) {
    const StageTicket ticket = adopted(overwrite);
    EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
    expect_published();
    EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished) << "again";
    store_->discard(ticket);
    expect_published();
    world_.s3.remove("k");
  }
  EXPECT_EQ(parts_, GetParam() > kWhole ? GetParam() / 300 * 2 + 2 : 0);
  EXPECT_EQ(world_.s3.calls("UploadPartCopy"), parts_);
}

TEST_P(S3CopierTest, ReplacesWhatStandsThere) {
  world_.s3.put("k", {"theirs", "e", "", "job-0"});
  EXPECT_EQ(store_->publish(adopted()), PublishResult::kPublished);
  expect_published();
}

TEST_P(S3CopierTest, LostAnswersEndAsPublished) {
  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kNever}) {
    for (const auto kind : {Kind::kResetBefore, Kind::kResetAfter, Kind::kCutAnswer,
                            Kind::kEmptyAnswer, Kind::kErrorIn200}) {
      world_.s3.plan(last_call(), {.kind = kind});
      EXPECT_EQ(store_->publish(adopted(overwrite)), PublishResult::kPublished);
      expect_published();
      world_.s3.remove("k");
    }
  }
}

TEST_P(S3CopierTest, AttemptThatDiedAfterTheCopyIsRepeated) {
  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kNever}) {
    const StageTicket ticket = adopted(overwrite);
    world_.s3.plan("DeleteObject", {.status = 403, .code = "AccessDenied"});
    EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
    EXPECT_EQ(world_.s3.objects().size(), 2U) << "the source could not be removed";
    EXPECT_EQ(open()->publish(ticket), PublishResult::kPublished);
    expect_published();
    world_.s3.remove("k");
  }
}

TEST_P(S3CopierTest, ErrorInA200IsAFailure) {
  const StageTicket ticket = adopted();
  world_.s3.plan(last_call(), {.kind = Kind::kErrorIn200, .code = "AccessDenied"});
  EXPECT_ERROR(store_->publish(ticket), kForbidden);
  expect_only_source();
  world_.s3.plan(last_call(), {.kind = Kind::kErrorIn200}, 100);
  EXPECT_ERROR(store_->publish(ticket), kUnavailable);
  expect_only_source();
}

TEST_P(S3CopierTest, SourceThatIsGoneIsAConflictUnlessItWasPublished) {
  const StageTicket ticket = adopted();
  world_.s3.remove(kSource);
  EXPECT_ERROR(store_->publish(ticket), kConflict);
  const std::string bytes = bytes_of_size(GetParam());
  world_.s3.put("k", {bytes, "e", "", "job-2"});
  EXPECT_ERROR(store_->publish(ticket), kConflict);
  world_.s3.put("k", {bytes + "x", "e", "", "job-1"});
  EXPECT_ERROR(store_->publish(ticket), kConflict);
  world_.s3.put("k", {bytes, "e", "", "job-1"});
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  EXPECT_TRUE(world_.s3.uploads().empty());
}

TEST_P(S3CopierTest, SourceOfAnotherSizeIsCorrupt) {
  const StageTicket ticket = adopted();
  world_.s3.put(kSource, {bytes_of_size(GetParam()) + "x", "e", "", ""});
  EXPECT_ERROR(store_->publish(ticket), kCorrupt);
  expect_only_source();
}

TEST_P(S3CopierTest, NameThatIsTakenStaysWithItsOwner) {
  const StageTicket ticket = adopted(Overwrite::kNever);
  const auto expect_theirs = [&] {
    EXPECT_EQ(world_.s3.objects().at("k").bytes, "theirs");
    EXPECT_TRUE(world_.s3.objects().contains(kSource));
    EXPECT_TRUE(world_.s3.uploads().empty());
  };
  // The other writer comes after we have looked.
  world_.s3.on_call = [&](const std::string& operation) {
    if (operation == last_call()) world_.s3.put("k", {"theirs", "e", "", "job-2"});
  };
  EXPECT_EQ(store_->publish(ticket), PublishResult::kNameTaken);
  expect_theirs();
  world_.s3.on_call = nullptr;
  EXPECT_EQ(store_->publish(ticket), PublishResult::kNameTaken) << "seen at once";
  expect_theirs();
  store_->discard(ticket);
  EXPECT_FALSE(world_.s3.objects().contains(kSource));
}

TEST_P(S3CopierTest, StoresWithoutConditionsGetThePlainCopy) {
  for (const auto conditions : {FakeS3::Conditions::kRefused, FakeS3::Conditions::kIgnored}) {
    world_.s3.set_conditions(conditions);
    EXPECT_EQ(store_->publish(adopted(Overwrite::kNever)), PublishResult::kPublished);
    expect_published();
    world_.s3.remove("k");
  }
  const size_t before = http_.with("If-None-Match");
  store_ = open("b2");
  EXPECT_EQ(store_->publish(adopted(Overwrite::kNever)), PublishResult::kPublished);
  EXPECT_EQ(http_.with("If-None-Match"), before) << "the provider knows none";
}

TEST_P(S3CopierTest, DiscardRemovesTheSourceAlsoWhenStopped) {
  const StageTicket ticket = adopted();
  world_.stop.request_stop();
  store_->discard(ticket);
  EXPECT_TRUE(world_.s3.objects().empty());
  store_->discard(ticket);
}

TEST_P(S3CopierTest, RenamedItIsPublishedUnderTheOtherKey) {
  const StageTicket ticket = store_->rename(adopted(), "other").value();
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  EXPECT_EQ(world_.s3.objects().size(), 1U);
  EXPECT_EQ(world_.s3.objects().at("other").bytes, bytes_of_size(GetParam()));
  EXPECT_ERROR(store_->rename(ticket, kSource), kInvalid);
}

class S3CopyBytesTest : public S3CopierTest {};

INSTANTIATE_TEST_SUITE_P(Sizes, S3CopyBytesTest, testing::Values(7U));

TEST_P(S3CopyBytesTest, OfAnotherChecksumAreCopiedAgainAndInTheEndCorrupt) {
  for (const auto kind : {Kind::kWrongEtag, Kind::kWrongChecksum}) {
    const StageTicket ticket = adopted();
    FakeS3::Object source = world_.s3.objects().at(kSource);
    source.crc32c = crc32c_text(crc32c(source.bytes));
    world_.s3.put(kSource, source);
    world_.s3.plan("CopyObject", {.kind = kind});
    EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
    world_.s3.remove("k");
    world_.s3.put(kSource, source);
    world_.s3.plan("CopyObject", {.kind = kind}, 100);
    EXPECT_ERROR(store_->publish(ticket), kCorrupt);
    EXPECT_TRUE(world_.s3.objects().contains(kSource));
    world_.s3.clear_plans();
  }
}

TEST_P(S3CopyBytesTest, OfAnObjectMadeOfPartsHaveAnotherEtag) {
  const StageTicket ticket = adopted();
  FakeS3::Object source = world_.s3.objects().at(kSource);
  source.etag = hex_encode(md5("parts")) + "-2";
  source.crc32c = crc32c_composite_text({1, 2});
  world_.s3.put(kSource, source);
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  expect_published();
}

TEST_P(S3CopyBytesTest, AConditionRefusedWith400IsLeftOut) {
  world_.s3.plan("CopyObject", {.status = 400, .code = "InvalidArgument"});
  EXPECT_EQ(store_->publish(adopted(Overwrite::kNever)), PublishResult::kPublished);
  expect_published();
  world_.s3.remove("k");
  const StageTicket ticket = adopted(Overwrite::kNever);
  world_.s3.plan("CopyObject", {.status = 400, .code = "InvalidArgument"}, 2);
  EXPECT_ERROR(store_->publish(ticket), kInvalid);
}

class S3LargeCopyTest : public S3CopierTest {};

INSTANTIATE_TEST_SUITE_P(Sizes, S3LargeCopyTest, testing::Values(5000U));

TEST_P(S3LargeCopyTest, PartsThatFailAreCopiedAgain) {
  world_.s3.plan("UploadPartCopy", {.kind = Kind::kResetBefore});
  world_.s3.plan("UploadPartCopy", {.kind = Kind::kErrorIn200});
  world_.s3.plan("UploadPartCopy", {.kind = Kind::kCutAnswer});
  EXPECT_EQ(store_->publish(adopted()), PublishResult::kPublished);
  expect_published();
}

TEST_P(S3LargeCopyTest, NoUploadStaysOpenWhenAPartFails) {
  const StageTicket ticket = adopted();
  world_.s3.plan("UploadPartCopy", {.status = 403, .code = "AccessDenied"});
  EXPECT_ERROR(store_->publish(ticket), kForbidden);
  expect_only_source();
  world_.s3.plan("UploadPartCopy", {.kind = Kind::kLosePart});
  EXPECT_ERROR(store_->publish(ticket), kCorrupt);
  expect_only_source();
}

TEST_P(S3LargeCopyTest, UploadOfAnAttemptThatDiedIsAborted) {
  // Neither the part nor the abort reaches the store, as when the process is killed.
  const auto die = [&](const StageTicket& ticket) {
    world_.s3.plan("UploadPartCopy", {.status = 403, .code = "AccessDenied"});
    world_.s3.plan("AbortMultipartUpload", {.kind = Kind::kResetBefore}, 2);
    EXPECT_ERROR(store_->publish(ticket), kForbidden);
    EXPECT_EQ(world_.s3.uploads().size(), 1U);
  };
  const StageTicket ticket = adopted();
  die(ticket);
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  expect_published();
  const StageTicket other = adopted();
  die(other);
  store_->discard(other);
  EXPECT_TRUE(world_.s3.uploads().empty());
}

TEST_P(S3LargeCopyTest, NeedsNoRightToListUploads) {
  world_.s3.plan("ListMultipartUploads", {.status = 403, .code = "AccessDenied"});
  EXPECT_EQ(store_->publish(adopted()), PublishResult::kPublished);
  expect_published();
}

TEST_P(S3LargeCopyTest, DiscardOfAPublishedOneLeavesAnothersUploadAlone) {
  const StageTicket ticket = adopted();
  store_->publish(ticket);
  S3Client other(world_.options().s3, world_.s3, world_.clock, world_.random);
  other.create_upload("k", {"text/csv", "job-2"});
  store_->discard(ticket);
  EXPECT_EQ(world_.s3.uploads().size(), 1U);
}

}  // namespace
}  // namespace sluice

// What the S3 store does beyond the contract: lost answers, odd stores, crashes between steps.
#include "object_store/s3_store.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

using Kind = S3FaultPlan::Kind;
constexpr size_t kLarge = 9'000'000;

class S3StoreTest : public testing::Test {
 protected:
  StageTicket staged(size_t size, Overwrite overwrite = Overwrite::kReplace,
                     const std::string& key = "k") {
    StageOptions options;
    options.job_id = "job-1";
    options.overwrite = overwrite;
    auto object = store_->stage(key, options);
    object->write(bytes_of_size(size));
    object->finish();
    return object->ticket();
  }
  ErrorCode code_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorCode::kInternal;
  }
  bool stands(size_t size) {
    const auto objects = world_.s3.objects();
    return objects.contains("k") && objects.at("k").bytes == bytes_of_size(size);
  }

  S3World world_;
  std::unique_ptr<ObjectStore> store_ = world_.open();
};

TEST_F(S3StoreTest, LostAnswersOfPublishEndAsPublished) {
  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kNever}) {
    for (const auto kind : {Kind::kResetAfter, Kind::kCutAnswer, Kind::kEmptyAnswer}) {
      world_.s3.plan("CompleteMultipartUpload", {.kind = kind});
      EXPECT_EQ(store_->publish(staged(kLarge, overwrite)), PublishResult::kPublished);
      EXPECT_TRUE(stands(kLarge));
      world_.s3.remove("k");
    }
    world_.s3.plan("PutObject", {.kind = Kind::kResetAfter});
    EXPECT_EQ(store_->publish(staged(7, overwrite)), PublishResult::kPublished);
    EXPECT_TRUE(stands(7));
    world_.s3.remove("k");
  }
}

TEST_F(S3StoreTest, ErrorIn200IsNoSuccess) {
  const StageTicket ticket = staged(kLarge);
  world_.s3.plan("CompleteMultipartUpload", {.kind = Kind::kErrorIn200}, 100);
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kUnavailable);
  EXPECT_TRUE(world_.s3.objects().empty());
}

TEST_F(S3StoreTest, RaceForTheNameIsLostToTheOther) {
  for (const size_t size : {size_t{7}, kLarge}) {
    const StageTicket ticket = staged(size, Overwrite::kNever);
    // The other writer comes after we have looked.
    world_.s3.on_call = [&](const std::string& operation) {
      if (operation != "HeadObject") world_.s3.put("k", {"theirs", "e", "", "job-2"});
    };
    EXPECT_EQ(store_->publish(ticket), PublishResult::kNameTaken);
    EXPECT_EQ(world_.s3.objects().at("k").bytes, "theirs");
    world_.s3.on_call = nullptr;
    store_->discard(ticket);
    world_.s3.remove("k");
  }
  EXPECT_TRUE(world_.s3.uploads().empty());
}

TEST_F(S3StoreTest, StoresWithoutConditionsAreLookedAtFirst) {
  for (const auto conditions : {FakeS3::Conditions::kRefused, FakeS3::Conditions::kIgnored}) {
    world_.s3.set_conditions(conditions);
    for (const size_t size : {size_t{7}, kLarge}) {
      world_.s3.put("k", {"theirs", "e", "", ""});
      const StageTicket ticket = staged(size, Overwrite::kNever);
      EXPECT_EQ(store_->publish(ticket), PublishResult::kNameTaken);
      EXPECT_EQ(world_.s3.objects().at("k").bytes, "theirs");
      world_.s3.remove("k");
      EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
      EXPECT_TRUE(stands(size));
    }
  }
}

TEST_F(S3StoreTest, ConflictWithAWriterThatVanishedIsTriedAgain) {
  const S3FaultPlan conflict{.status = 409, .code = "ConditionalRequestConflict"};
  for (const size_t size : {size_t{7}, kLarge}) {
    const StageTicket ticket = staged(size, Overwrite::kNever);
    world_.s3.plan(size == kLarge ? "CompleteMultipartUpload" : "PutObject", conflict);
    EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
    EXPECT_EQ(store_->head("k")->size, size);
    world_.s3.remove("k");
  }
}

TEST_F(S3StoreTest, ConflictThatDoesNotEndIsAConflict) {
  const S3FaultPlan conflict{.status = 409, .code = "ConditionalRequestConflict"};
  for (const size_t size : {size_t{7}, kLarge}) {
    const StageTicket ticket = staged(size, Overwrite::kNever);
    world_.s3.plan("PutObject", conflict, 100);
    world_.s3.plan("CompleteMultipartUpload", conflict, 100);
    EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kConflict);
  }
}

TEST_F(S3StoreTest, AbortedUploadIsNoSuccess) {
  const StageTicket ticket = staged(kLarge);
  world_.s3.remove_uploads();
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kConflict);
  world_.s3.put("k", {"theirs", "e", "", "job-2"});
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kConflict);
}

TEST_F(S3StoreTest, ObjectOfAnotherSizeOrNoneAfterAConfirmedWriteIsAnError) {
  const StageTicket ticket = staged(7);
  world_.s3.on_call = [&](const std::string& operation) {
    if (operation == "HeadObject") world_.s3.put("k", {"cut", "e", "", "job-1"});
  };
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kCorrupt);
  world_.s3.on_call = [&](const std::string& operation) {
    if (operation == "HeadObject") world_.s3.remove("k");
  };
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kUnavailable);
}

TEST_F(S3StoreTest, ChangedSpoolIsCorrupt) {
  const StageTicket ticket = staged(7);
  for (const size_t size : {3U, 7U}) {  // Cut, then other bytes.
    for (const auto& entry : std::filesystem::recursive_directory_iterator(world_.spool())) {
      if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), size);
    }
    EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kCorrupt);
  }
  EXPECT_TRUE(world_.s3.objects().empty());
}

TEST_F(S3StoreTest, SmallObjectsAreInTheSpoolOnlyUntilPublished) {
  const StageTicket ticket = staged(7);
  EXPECT_EQ(count_files(world_.spool()), 1U);
  EXPECT_EQ(world_.s3.calls("PutObject") + world_.s3.calls("CreateMultipartUpload"), 0);
  store_->publish(ticket);
  EXPECT_EQ(count_files(world_.spool()), 0U);
}

TEST_F(S3StoreTest, PartsThatFailAreSentAgain) {
  world_.s3.plan("UploadPart", {.kind = Kind::kResetBefore}, 2);
  world_.s3.plan("UploadPart", {.kind = Kind::kResetAfter}, 2);
  EXPECT_EQ(store_->publish(staged(20'000'000)), PublishResult::kPublished);
  EXPECT_TRUE(stands(20'000'000));
}

TEST_F(S3StoreTest, UnfinishedUploadsAreListedPageByPage) {
  world_.s3.set_page_size(2);
  for (int i = 0; i < 5; ++i) staged(kLarge, Overwrite::kReplace, "p/ü +" + std::to_string(i));
  staged(kLarge, Overwrite::kReplace, "other");
  auto found = store_->unfinished("p/");
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].key, "p/ü +0");
  for (const UnfinishedUpload& upload : found) store_->discard(upload.ticket);
  EXPECT_EQ(world_.s3.uploads().size(), 1U);
}

TEST_F(S3StoreTest, ListsPageByPage) {
  world_.s3.set_page_size(2);
  for (int i = 0; i < 5; ++i) world_.s3.put("p/" + std::to_string(i), {"x", "e", "", ""});
  size_t count = 0;
  store_->list("p/", [&](const ObjectInfo&) { return ++count > 0; });
  EXPECT_EQ(count, 5U);
  EXPECT_EQ(world_.s3.calls("ListObjectsV2"), 3);
}

TEST_F(S3StoreTest, FoldersAreClaimedAndRemoved) {
  EXPECT_EQ(code_of([&] { store_->claim_folder("p"); }), ErrorCode::kInvalid);
  EXPECT_EQ(code_of([&] { store_->claim_folder(""); }), ErrorCode::kInvalid);
  const StageTicket ticket = store_->claim_folder("p/").value();
  store_->discard(ticket);  // Nothing there yet.
  for (int i = 0; i < 5; ++i) world_.s3.put("p/" + std::to_string(i), {"x", "e", "", ""});
  world_.s3.put("q", {"x", "e", "", ""});
  EXPECT_EQ(store_->rename(ticket, "k"), std::nullopt);
  EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kInternal);
  store_->discard(ticket);
  EXPECT_EQ(world_.s3.objects().size(), 1U);
}

TEST_F(S3StoreTest, AdoptsOnlyUnderAnotherKey) {
  EXPECT_EQ(code_of([&] { store_->adopt("k", 1, "k", {.job_id = "job-1"}); }), ErrorCode::kInvalid);
  EXPECT_EQ(code_of([&] { store_->adopt("", 1, "k", {.job_id = "job-1"}); }), ErrorCode::kInvalid);
  EXPECT_EQ(code_of([&] { store_->adopt("a", 1, "k", {.job_id = "/"}); }), ErrorCode::kInvalid);
  EXPECT_EQ(world_.s3.calls("HeadObject"), 0) << "it asks the store nothing";
}

TEST_F(S3StoreTest, ProbeNamesMissingRights) {
  world_.s3.plan("AbortMultipartUpload", {.status = 403, .code = "AccessDenied"});
  EXPECT_EQ(code_of([&] { store_->probe("p"); }), ErrorCode::kForbidden);
  world_.s3.plan("CreateMultipartUpload", {.status = 404, .code = "NoSuchBucket"});
  EXPECT_EQ(code_of([&] { store_->probe("p"); }), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace sluice

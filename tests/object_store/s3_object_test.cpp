#include "object_store/s3_object.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "base/limits.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

using Kind = S3FaultPlan::Kind;
constexpr uint64_t kPart = 100'000;

class S3ObjectTest : public testing::Test {
 protected:
  S3StoreOptions small_parts(const std::string& provider = "generic") {
    S3StoreOptions options = world_.options();
    options.s3.profile = provider_profile(provider);
    options.first_part_bytes = kPart;
    return options;
  }
  std::unique_ptr<StagedObject> stage(const std::string& key = "k") {
    return store_->stage(key, {.job_id = "job-1"});
  }
  size_t spooled() { return count_files(world_.spool()); }

  S3World world_;
  std::unique_ptr<ObjectStore> store_ = world_.open(small_parts());
};

TEST_F(S3ObjectTest, PartsAreSentWhileTheObjectIsWrittenOn) {
  std::latch both(2);
  std::atomic<int> parts = 0;
  world_.s3.on_call = [&](const std::string& operation) {
    // Two parts meet at the store: neither is sent by the thread that writes.
    if (operation == "UploadPart" && ++parts <= 2) both.arrive_and_wait();
  };
  auto object = stage();
  const std::string bytes = bytes_of_size(5 * kPart + 7);
  for (size_t at = 0; at < bytes.size(); at += 33'333) {
    object->write(std::string_view(bytes).substr(at, 33'333));
  }
  object->finish();
  EXPECT_EQ(world_.s3.calls("UploadPart"), 6);
  EXPECT_EQ(spooled(), 0U);
  EXPECT_EQ(object->size(), bytes.size());
  EXPECT_TRUE(world_.s3.objects().empty());
  store_->publish(object->ticket());
  EXPECT_TRUE(world_.s3.objects().at("k").bytes == bytes);
}

TEST_F(S3ObjectTest, ASlowStoreHoldsUpTheWriterAndNotTheDisk) {
  std::latch slow(1);
  world_.s3.on_call = [&](const std::string& operation) {
    if (operation == "UploadPart") slow.wait();
  };
  auto object = stage();
  const auto most = static_cast<size_t>(provider_profile("generic").concurrent_parts);
  for (size_t i = 0; i < most; ++i) object->write(bytes_of_size(kPart));
  EXPECT_EQ(spooled(), most);
  std::atomic<bool> went_on = false;
  std::jthread writer([&] {
    object->write(bytes_of_size(kPart));
    went_on = true;
  });
  while (spooled() < most + 1) std::this_thread::yield();
  EXPECT_FALSE(went_on);
  slow.count_down();
  writer.join();
  EXPECT_TRUE(went_on);
  object->finish();
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(S3ObjectTest, AFailedPartSurfacesWithItsOwnErrorAndTheUploadIsAborted) {
  world_.s3.plan("UploadPart", {.status = 403, .code = "AccessDenied"});
  auto object = stage();
  const Error error = caught([&] {
    for (int i = 0; i < 1000; ++i) object->write(bytes_of_size(kPart));
  });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_NE(error.message().find("part "), std::string::npos) << error.message();
  EXPECT_ERROR(object->write("x"), kForbidden);
  EXPECT_ERROR(object->finish(), kForbidden);
  EXPECT_ERROR(object->ticket(), kInternal);
  object.reset();
  EXPECT_TRUE(world_.s3.uploads().empty());
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(S3ObjectTest, AFailureOfTheLastPartSurfacesAtFinish) {
  world_.s3.plan("UploadPart", {.status = 403, .code = "AccessDenied"});
  auto object = stage();
  object->write(bytes_of_size(kPart));
  EXPECT_ERROR(object->finish(), kForbidden);
}

TEST_F(S3ObjectTest, NoPartArrivesAfterTheAbort) {
  std::latch begun(1);
  std::latch go_on(1);
  std::atomic<bool> aborted_early = false;
  world_.s3.on_call = [&](const std::string& operation) {
    if (operation == "UploadPart") {
      begun.count_down();
      go_on.wait();
    }
    if (operation == "AbortMultipartUpload") aborted_early = !go_on.try_wait();
  };
  auto object = stage();
  object->write(bytes_of_size(kPart));
  begun.wait();
  std::jthread destroyer([&] { object.reset(); });
  go_on.count_down();
  destroyer.join();
  EXPECT_FALSE(aborted_early);
  EXPECT_TRUE(world_.s3.uploads().empty());
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(S3ObjectTest, ManyObjectsShareTheUploaders) {
  constexpr int kObjects = 50;
  std::vector<std::unique_ptr<StagedObject>> objects;
  for (int i = 0; i < kObjects; ++i) objects.push_back(stage("k" + std::to_string(i)));
  for (size_t round = 0; round < 3; ++round) {
    for (auto& object : objects) object->write(bytes_of_size(kPart - 1 + round));
  }
  for (auto& object : objects) {
    object->finish();
    store_->publish(object->ticket());
  }
  const std::string expected =
      bytes_of_size(kPart - 1) + bytes_of_size(kPart) + bytes_of_size(kPart + 1);
  const auto stored = world_.s3.objects();
  for (int i = 0; i < kObjects; ++i) {
    ASSERT_TRUE(stored.at("k" + std::to_string(i)).bytes == expected);
  }
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(S3ObjectTest, PartsAreEqualWhereTheProviderNeedsIt) {
  world_.s3.set_equal_parts(true);
  S3StoreOptions options = small_parts("r2");
  options.first_part_bytes = 1000;
  store_ = world_.open(options);
  auto object = stage();
  object->write(bytes_of_size(1'005'001));  // On other stores parts double after a thousand.
  object->finish();
  EXPECT_EQ(store_->publish(object->ticket()), PublishResult::kPublished);
  EXPECT_EQ(world_.s3.objects().at("k").bytes.size(), 1'005'001U);
}

TEST_F(S3ObjectTest, AnObjectThatIsTooLargeIsToldItsLimit) {
  S3StoreOptions options = small_parts("r2");
  options.first_part_bytes = 1;
  store_ = world_.open(options);
  auto object = stage();
  const std::string bytes(limits::kParts, 'x');
  object->write(bytes);
  const Error error = caught([&] { object->write("x"); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_NE(error.message().find("GiB"), std::string::npos);
}

TEST_F(S3ObjectTest, UploadThatAKilledProcessLeftIsDiscardedByItsEarlyTicket) {
  std::vector<StageTicket> early;
  StageOptions options;
  options.job_id = "job-1";
  options.on_remote_begin = [&](const StageTicket& ticket) {
    EXPECT_EQ(world_.s3.calls("UploadPart"), 0);
    early.push_back(ticket);
  };
  auto object = store_->stage("k", options);
  object->write(bytes_of_size(2 * kPart + 1));
  ASSERT_EQ(early.size(), 2U);
  // The process ends without having aborted anything.
  world_.s3.plan("AbortMultipartUpload", {}, 2);
  object.reset();
  EXPECT_EQ(world_.s3.uploads().size(), 1U);
  auto restarted = world_.open();
  EXPECT_ERROR(restarted->publish(early.at(1)), kInternal);
  restarted->discard(early.at(1));
  restarted->discard(early.at(1));
  EXPECT_TRUE(world_.s3.uploads().empty());
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(S3ObjectTest, UploadWhoseIdWasNeverLearnedIsFoundByItsKey) {
  std::vector<StageTicket> early;
  StageOptions options;
  options.job_id = "job-1";
  options.on_remote_begin = [&](const StageTicket& ticket) { early.push_back(ticket); };
  auto object = store_->stage("k", options);
  object->write(bytes_of_size(2 * kPart));
  auto neighbour = store_->stage("k2", options);
  neighbour->write(bytes_of_size(2 * kPart));
  auto restarted = world_.open();
  restarted->discard(early.at(0));
  restarted->discard(early.at(0));
  ASSERT_EQ(world_.s3.uploads().size(), 1U);
  EXPECT_EQ(world_.open()->unfinished("").at(0).key, "k2");
}

TEST_F(S3ObjectTest, FailedJournalAbortsTheUpload) {
  StageOptions options;
  options.job_id = "job-1";
  options.on_remote_begin = [](const StageTicket&) { throw Error(ErrorCode::kStorage, "full"); };
  auto object = store_->stage("k", options);
  EXPECT_ERROR(object->write(bytes_of_size(kPart)), kStorage);
  object.reset();
  EXPECT_TRUE(world_.s3.uploads().empty());
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(S3ObjectTest, CancelledJobStillAbortsItsUpload) {
  auto object = stage();
  object->write(bytes_of_size(kPart));
  world_.stop.request_stop();
  EXPECT_ERROR(object->write(bytes_of_size(kPart)), kCancelled);
  object.reset();
  EXPECT_TRUE(world_.s3.uploads().empty());
  EXPECT_EQ(spooled(), 0U);
}

}  // namespace
}  // namespace sluice

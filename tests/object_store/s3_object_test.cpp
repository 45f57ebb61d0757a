#include "object_store/s3_object.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/limits.h"
#include "stores.h"

namespace sluice {
namespace {

constexpr size_t kLarge = 9'000'000;

class S3ObjectTest : public testing::Test {
 protected:
  ErrorCode code_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorCode::kInternal;
  }
  S3World world_;
  std::unique_ptr<ObjectStore> store_ = world_.open();
};

TEST(S3PartBytes, TenThousandPartsHoldTheLargestObject) {
  uint64_t sum = 0;
  for (int number = 1; number <= limits::kParts; ++number) {
    EXPECT_LE(s3_part_bytes(number), 5ULL << 30);
    sum += s3_part_bytes(number);
  }
  EXPECT_GE(sum, 5ULL << 40);
  EXPECT_GE(s3_part_bytes(1), 5ULL << 20);
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
  object->write(bytes_of_size(20'000'000));
  ASSERT_EQ(early.size(), 2U);
  EXPECT_EQ(world_.s3.uploads().size(), 1U);
  auto restarted = world_.open();
  EXPECT_EQ(code_of([&] { restarted->publish(early.at(1)); }), ErrorCode::kInternal);
  restarted->discard(early.at(1));
  restarted->discard(early.at(1));
  EXPECT_TRUE(world_.s3.uploads().empty());
  restarted->remove_staging("job-1");
  EXPECT_EQ(count_files(world_.spool()), 0U);
}

TEST_F(S3ObjectTest, UploadWhoseIdWasNeverLearnedIsFoundByItsKey) {
  std::vector<StageTicket> early;
  StageOptions options;
  options.job_id = "job-1";
  options.on_remote_begin = [&](const StageTicket& ticket) { early.push_back(ticket); };
  auto object = store_->stage("k", options);
  object->write(bytes_of_size(20'000'000));
  auto neighbour = store_->stage("k2", options);
  neighbour->write(bytes_of_size(20'000'000));
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
  EXPECT_EQ(code_of([&] { object->write(bytes_of_size(kLarge)); }), ErrorCode::kStorage);
  object.reset();
  EXPECT_TRUE(world_.s3.uploads().empty());
}

TEST_F(S3ObjectTest, CancelledJobStillAbortsItsUpload) {
  StageOptions options;
  options.job_id = "job-1";
  auto object = store_->stage("k", options);
  object->write(bytes_of_size(kLarge));
  world_.stop.request_stop();
  EXPECT_EQ(code_of([&] { object->write(bytes_of_size(kLarge)); }), ErrorCode::kCancelled);
  object.reset();
  EXPECT_TRUE(world_.s3.uploads().empty());
  EXPECT_EQ(count_files(world_.spool()), 0U);
}

}  // namespace
}  // namespace sluice

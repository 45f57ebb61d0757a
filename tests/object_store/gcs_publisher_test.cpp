#include "object_store/gcs_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/limits.h"
#include "stores.h"
#include "support/caught.h"

namespace sluice {
namespace {

class GcsPublisherTest : public testing::TestWithParam<size_t> {
 protected:
  StageTicket staged(Overwrite overwrite = Overwrite::kReplace) {
    StageOptions options;
    options.job_id = "job-1";
    options.overwrite = overwrite;
    auto object = store_->stage("k", options);
    object->write(bytes_);
    object->finish();
    return object->ticket();
  }
  bool is_large() const { return GetParam() > limits::kPartBytes; }
  std::string writing() const { return is_large() ? "chunk" : "insert"; }

  GcsWorldParts world_;
  std::unique_ptr<ObjectStore> store_ = world_.open();
  std::string bytes_ = bytes_of_size(GetParam());
};

TEST_P(GcsPublisherTest, ALostAnswerIsNoLoss) {
  const StageTicket ticket = staged(Overwrite::kNever);
  world_.gcs.plan(writing(), {0, true});
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  EXPECT_TRUE(world_.gcs.objects().at("k").bytes == bytes_);
  EXPECT_EQ(count_files(world_.spool()), 0U);
}

TEST_P(GcsPublisherTest, AWriterWhoComesInBetweenWins) {
  const StageTicket ticket = staged(Overwrite::kNever);
  world_.gcs.on_call = [this](const std::string& operation) {
    if (operation == writing()) world_.gcs.put("k", {"foreign", "", ""});
  };
  EXPECT_EQ(store_->publish(ticket), PublishResult::kNameTaken);
  EXPECT_EQ(world_.gcs.objects().at("k").bytes, "foreign");
  store_->discard(ticket);
  EXPECT_EQ(count_files(world_.spool()) + world_.gcs.uploads(), 0U);
}

TEST_P(GcsPublisherTest, WhatIsGoneIsAConflict) {
  const StageTicket ticket = staged();
  store_->remove_staging("job-1");
  EXPECT_ERROR(store_->publish(ticket), kConflict);
}

TEST_P(GcsPublisherTest, ASpoolThatChangedIsCorrupt) {
  const StageTicket ticket = staged();
  const GcsTicket read = read_gcs_ticket(ticket);
  std::ofstream(world_.spool() + "/" + read.spool_file, std::ios::app) << "more";
  EXPECT_ERROR(store_->publish(ticket), kCorrupt);
  EXPECT_TRUE(world_.gcs.objects().empty());
}

TEST_P(GcsPublisherTest, OtherBytesInTheStoreAreCorrupt) {
  const StageTicket ticket = staged();
  world_.gcs.on_call = [this](const std::string& operation) {
    std::string other = bytes_;
    other.back() ^= 1;
    if (operation == "head") world_.gcs.put("k", {other, "", "job-1"});
  };
  EXPECT_ERROR(store_->publish(ticket), kCorrupt);
}

TEST_P(GcsPublisherTest, AStoreThatForgotTheObjectIsNotBelieved) {
  const StageTicket ticket = staged();
  world_.gcs.plan("head", {404});
  EXPECT_ERROR(store_->publish(ticket), kUnavailable);
}

INSTANTIATE_TEST_SUITE_P(Sizes, GcsPublisherTest, testing::Values(5U, 9'000'000U),
                         [](const auto& test) { return test.index == 0 ? "Small" : "Large"; });

}  // namespace
}  // namespace sluice

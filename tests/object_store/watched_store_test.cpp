#include "object_store/watched_store.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"
#include "support/caught.h"
#include "support/fake_store.h"

namespace sluice {
namespace {

class Watch final : public StoreWatch {
 public:
  void begin_call() override {
    ++begun;
    ++inside;
  }
  void end_call() override { --inside; }
  int begun = 0;
  int inside = 0;
};

class WatchedStoreTest : public testing::Test {
 protected:
  WatchedStoreTest() {
    bucket_.set_hook([this](const std::string& call, const std::string&) {
      if (call == "open") return;
      EXPECT_EQ(watch_.inside, 1) << call;
    });
    FakeStoreOpener opener(bucket_);
    store_ = make_watched_store(opener.open({}, {}, {}), watch_);
  }

  FakeBucket bucket_;
  Watch watch_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(WatchedStoreTest, EveryCallIsTold) {
  StageOptions options;
  options.job_id = "1";
  auto object = store_->stage("a", options);
  object->write("xyz");
  EXPECT_EQ(object->size(), 3U);
  EXPECT_EQ(object->key(), "a");
  object->finish();
  const StageTicket ticket = object->ticket();
  EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
  store_->sync();
  EXPECT_EQ(store_->head("a")->size, 3U);
  EXPECT_EQ(store_->read("a", 0, 3), "xyz");
  int listed = 0;
  store_->list("", [&](const ObjectInfo&) { return ++listed > 0; });
  EXPECT_EQ(listed, 1);
  store_->discard(ticket);
  store_->remove_staging("1");
  store_->probe("");
  store_->remove("a");
  EXPECT_TRUE(store_->unfinished("").empty());
  bucket_.remote = true;  // Where a name can't be changed any more.
  EXPECT_FALSE(store_->rename({}, "b"));
  object.reset();
  EXPECT_EQ(watch_.begun, 15);
  EXPECT_EQ(watch_.inside, 0);
}

TEST_F(WatchedStoreTest, WhatAnotherPartyWritesIsToldToo) {
  EXPECT_FALSE(store_->access() || store_->claim_folder("p/") || store_->adopt("a", 1, "b", {}))
      << "where only Sluice can write";
  EXPECT_EQ(watch_.begun, 3);
  S3World world;
  store_ = make_watched_store(world.open(), watch_);
  EXPECT_EQ(store_->access().value().access_key_id, world.credentials.access_key);
  EXPECT_TRUE(store_->claim_folder("p/") && store_->adopt("a", 1, "b", {.job_id = "1"}));
  EXPECT_EQ(watch_.begun, 6);
  EXPECT_EQ(watch_.inside, 0);
}

TEST_F(WatchedStoreTest, FailuresComeThroughAndAreReturns) {
  bucket_.fail("head", "", ErrorCode::kUnavailable);
  EXPECT_EQ(caught([&] { store_->head("a"); }).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(watch_.inside, 0);
}

}  // namespace
}  // namespace sluice

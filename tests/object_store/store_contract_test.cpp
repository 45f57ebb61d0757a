// What every ObjectStore promises, run against each of them.
#include <gmock/gmock.h>

#include "base/error.h"
#include "worlds.h"

namespace sluice {
namespace {

using testing::ElementsAre;

TEST_P(StoreContract, NothingIsVisibleBeforePublishAndAllOfItAfter) {
  for (const size_t size :
       {size_t{0}, size_t{5}, size_t{100'000}, size_t{8'388'608}, size_t{20'000'001}}) {
    const std::string key = "a/b" + std::to_string(size) + ".csv";
    const std::string bytes = bytes_of_size(size);
    const StageTicket ticket = staged(key, bytes, job("job-1"));
    EXPECT_EQ(store_->head(key), std::nullopt);
    EXPECT_EQ(world_->read(key), std::nullopt);
    EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
    EXPECT_TRUE(world_->read(key) == bytes) << size;
    EXPECT_EQ(store_->head(key).value().size, size);
    EXPECT_EQ(world_->staged(), 0U);
  }
}

TEST_P(StoreContract, WritesOfAnySizeAddUp) {
  std::string all;
  auto object = store_->stage("x", job("job-1"));
  for (size_t size : {1U, 70'000U, 3U, 5'000'000U, 0U, 32'768U, 9'000'000U, 1U}) {
    const std::string bytes = bytes_of_size(size);
    object->write(bytes);
    all += bytes;
  }
  object->finish();
  store_->publish(object->ticket());
  EXPECT_TRUE(world_->read("x") == all);
}

TEST_P(StoreContract, DestructionWithoutFinishRemovesWhatWasStaged) {
  for (const size_t size : {10U, 200'000U, 9'000'000U}) {
    auto object = store_->stage("x", job("job-1"));
    object->write(bytes_of_size(size));
    object.reset();
    EXPECT_EQ(world_->staged(), 0U) << size;
  }
  EXPECT_EQ(world_->read("x"), std::nullopt);
}

TEST_P(StoreContract, TicketsArePublishedAndDiscardedByAnotherProcess) {
  const StageTicket small = staged("s", "small", job("job-1"));
  const StageTicket large = staged("l", bytes_of_size(9'000'000), job("job-1"));
  const StageTicket dropped = staged("d", bytes_of_size(9'000'000), job("job-1"));
  store_ = world_->open();
  EXPECT_EQ(store_->publish(small), PublishResult::kPublished);
  EXPECT_EQ(store_->publish(large), PublishResult::kPublished);
  store_->discard(dropped);
  EXPECT_EQ(world_->read("s"), "small");
  EXPECT_EQ(world_->read("l").value().size(), 9'000'000U);
  EXPECT_EQ(world_->read("d"), std::nullopt);
  EXPECT_EQ(world_->staged(), 0U);
}

TEST_P(StoreContract, PublishAgainIsPublishedAgain) {
  for (const Overwrite overwrite : {Overwrite::kReplace, Overwrite::kNever}) {
    for (const size_t size : {5U, 9'000'000U}) {
      const std::string key =
          "k" + std::to_string(size) + (overwrite == Overwrite::kNever ? "never" : "replace");
      const StageTicket ticket = staged(key, bytes_of_size(size), job("job-1", overwrite));
      EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
      EXPECT_EQ(store_->publish(ticket), PublishResult::kPublished);
      EXPECT_TRUE(world_->read(key) == bytes_of_size(size));
    }
  }
}

TEST_P(StoreContract, ReplaceTakesThePlaceOfAnotherObject) {
  world_->write_foreign("a/x", "old and longer");
  EXPECT_EQ(store_->publish(staged("a/x", "new", job("job-1"))), PublishResult::kPublished);
  EXPECT_EQ(world_->read("a/x"), "new");
}

TEST_P(StoreContract, NeverLeavesAnotherObjectAsItIs) {
  for (const size_t size : {3U, 9'000'000U}) {
    world_->write_foreign("a/x", "old");
    const StageTicket ticket = staged("a/x", bytes_of_size(size), job("job-1", Overwrite::kNever));
    EXPECT_EQ(store_->publish(ticket), PublishResult::kNameTaken);
    EXPECT_EQ(world_->read("a/x"), "old");
    store_->discard(ticket);
    EXPECT_EQ(world_->staged(), 0U);
  }
}

TEST_P(StoreContract, AStagedObjectMayGetAnotherKey) {
  world_->write_foreign("a/x", "old");
  const StageTicket lost = staged("a/x", "new", job("job-1", Overwrite::kNever));
  ASSERT_EQ(store_->publish(lost), PublishResult::kNameTaken);
  const std::optional<StageTicket> other = store_->rename(lost, "a/x.1");
  ASSERT_TRUE(other);
  EXPECT_EQ(store_->publish(*other), PublishResult::kPublished);
  EXPECT_EQ(world_->read("a/x"), "old");
  EXPECT_EQ(world_->read("a/x.1"), "new");
  EXPECT_EQ(world_->staged(), 0U);
}

TEST_P(StoreContract, DiscardTwiceAndAfterPublishIsNoError) {
  for (const size_t size : {3U, 9'000'000U}) {
    const StageTicket ticket = staged("a/x", bytes_of_size(size), job("job-1"));
    store_->discard(ticket);
    store_->discard(ticket);
    EXPECT_EQ(code_of([&] { store_->publish(ticket); }), ErrorCode::kConflict);
    const StageTicket other = staged("a/y", bytes_of_size(size), job("job-1"));
    store_->publish(other);
    store_->discard(other);
    EXPECT_EQ(world_->read("a/y").value().size(), size);
  }
}

TEST_P(StoreContract, StagingOfOneJobIsRemovedWithoutTheOthers) {
  staged("x", "one", job("job-1"));
  const StageTicket other = staged("y", "two", job("job-2"));
  store_->remove_staging("job-1");
  store_->remove_staging("job-1");
  EXPECT_EQ(world_->staged(), 1U);
  EXPECT_EQ(store_->publish(other), PublishResult::kPublished);
}

TEST_P(StoreContract, ListsByPrefixInKeyOrder) {
  for (const char* key : {"p/b", "p/a/2", "p/a-b", "p/a/1", "q/x", "p/ü ü+%", "p/a.c"}) {
    store_->publish(staged(key, key, job("job-1")));
  }
  staged("p/unpublished", "x", job("job-1"));
  const auto list = [&](const std::string& prefix, size_t most) {
    std::vector<std::string> keys;
    store_->list(prefix, [&](const ObjectInfo& info) {
      EXPECT_EQ(info.size, info.key.size());
      keys.push_back(info.key);
      return keys.size() < most;
    });
    return keys;
  };
  EXPECT_THAT(list("p/", 100), ElementsAre("p/a-b", "p/a.c", "p/a/1", "p/a/2", "p/b", "p/ü ü+%"));
  EXPECT_THAT(list("p/a/", 100), ElementsAre("p/a/1", "p/a/2"));
  EXPECT_THAT(list("", 2), ElementsAre("p/a-b", "p/a.c"));
  EXPECT_THAT(list("nothing", 2), ElementsAre());
}

TEST_P(StoreContract, ReadsRangesOfWhatIsVisible) {
  const std::string bytes = bytes_of_size(9'000'000);
  const StageTicket ticket = staged("a/x", bytes, job("job-1"));
  EXPECT_EQ(code_of([&] { store_->read("a/x", 0, 1); }), ErrorCode::kNotFound);
  store_->publish(ticket);
  EXPECT_TRUE(store_->read("a/x", 0, bytes.size()) == bytes);
  EXPECT_TRUE(store_->read("a/x", 8'388'600, 20) == bytes.substr(8'388'600, 20));
  EXPECT_EQ(store_->read("a/x", 5, 0), "");
  EXPECT_EQ(code_of([&] { store_->read("a/x", 8'999'999, 2); }), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of([&] { store_->read("a/x", 9'000'000, 1); }), ErrorCode::kCorrupt);
  EXPECT_EQ(code_of([&] { store_->read("a/x", 0, limits::kResponseBytes + 1); }),
            ErrorCode::kInvalid);
  EXPECT_EQ(code_of([&] { store_->read("a", 0, 1); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_->read("b/x", 0, 1); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { store_->read("", 0, 1); }), ErrorCode::kInvalid);
}

TEST_P(StoreContract, ProbeLeavesNothingBehind) {
  store_->probe("some/prefix");
  store_->probe("");
  EXPECT_EQ(world_->staged(), 0U);
  size_t count = 0;
  store_->list("", [&](const ObjectInfo&) { return ++count > 0; });
  EXPECT_EQ(count, 0U);
}

TEST_P(StoreContract, RemovesOneObjectAndMindsNoneThere) {
  for (const char* key : {"a/x", "a/y"}) store_->publish(staged(key, "1", job("job-1")));
  store_->remove("a/x");
  store_->remove("a/x");
  store_->remove("a");
  EXPECT_EQ(world_->read("a/x"), std::nullopt);
  EXPECT_EQ(world_->read("a/y"), "1");
  EXPECT_EQ(code_of([&] { store_->remove(""); }), ErrorCode::kInvalid);
}

TEST_P(StoreContract, BadNamesAreInvalid) {
  for (const std::string& key :
       {std::string(), std::string(1025, 'k'), std::string("a\0b", 3), std::string("\xff")}) {
    EXPECT_EQ(code_of([&] { store_->stage(key, job("job-1")); }), ErrorCode::kInvalid);
  }
  for (const char* id : {"", "..", "a/b", "a b"}) {
    EXPECT_EQ(code_of([&] { store_->stage("key", job(id)); }), ErrorCode::kInvalid);
    EXPECT_EQ(code_of([&] { store_->remove_staging(id); }), ErrorCode::kInvalid);
  }
}

TEST_P(StoreContract, ForeignTicketsAreCorrupt) {
  for (const char* text : {"", "{}", "[]", "{\"store\":\"else\"}"}) {
    EXPECT_EQ(code_of([&] { store_->publish({text}); }), ErrorCode::kCorrupt) << text;
    EXPECT_EQ(code_of([&] { store_->discard({text}); }), ErrorCode::kCorrupt) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, every_store(), store_name);

}  // namespace
}  // namespace sluice

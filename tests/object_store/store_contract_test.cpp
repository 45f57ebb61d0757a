// What every ObjectStore promises, run against each of them.
#include <gmock/gmock.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

using testing::ElementsAre;

/// One store and a look at what its readers see.
class World {
 public:
  virtual ~World() = default;
  virtual std::unique_ptr<ObjectStore> open() = 0;
  virtual std::optional<std::string> read(const std::string& key) = 0;
  virtual void write_foreign(const std::string& key, const std::string& bytes) = 0;
  /// Things that were staged and are still there: files, uploads.
  virtual size_t staged() = 0;
};

class LocalWorld final : public World {
 public:
  std::unique_ptr<ObjectStore> open() override {
    return make_local_store({root(), folder_.path() + "/.sluice"}, random_);
  }
  std::optional<std::string> read(const std::string& key) override {
    if (!std::filesystem::is_regular_file(root() + "/" + key)) return std::nullopt;
    return read_file(root() + "/" + key);
  }
  void write_foreign(const std::string& key, const std::string& bytes) override {
    const std::filesystem::path path = root() + "/" + key;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  size_t staged() override { return count_files(folder_.path() + "/.sluice"); }

 private:
  std::string root() const { return folder_.path() + "/objects"; }
  TestFolder folder_;
  FakeRandom random_;
};

class FakeS3World final : public World {
 public:
  std::unique_ptr<ObjectStore> open() override { return world_.open(); }
  std::optional<std::string> read(const std::string& key) override {
    const auto objects = world_.s3.objects();
    const auto found = objects.find(key);
    if (found == objects.end()) return std::nullopt;
    return found->second.bytes;
  }
  void write_foreign(const std::string& key, const std::string& bytes) override {
    world_.s3.put(key, {bytes, "etag", "", ""});
  }
  size_t staged() override { return count_files(world_.spool()) + world_.s3.uploads().size(); }

 private:
  S3World world_;
};

using MakeWorld = std::unique_ptr<World> (*)();

class StoreContract : public testing::TestWithParam<MakeWorld> {
 protected:
  static StageOptions job(const std::string& id, Overwrite overwrite = Overwrite::kReplace) {
    StageOptions options;
    options.job_id = id;
    options.content_type = "text/csv";
    options.overwrite = overwrite;
    return options;
  }
  StageTicket staged(const std::string& key, const std::string& bytes,
                     const StageOptions& options) {
    auto object = store_->stage(key, options);
    object->write(bytes);
    object->finish();
    EXPECT_EQ(object->size(), bytes.size());
    EXPECT_EQ(object->key(), key);
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

  std::unique_ptr<World> world_ = GetParam()();
  std::unique_ptr<ObjectStore> store_ = world_->open();
};

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

TEST_P(StoreContract, ProbeLeavesNothingBehind) {
  store_->probe("some/prefix");
  store_->probe("");
  EXPECT_EQ(world_->staged(), 0U);
  size_t count = 0;
  store_->list("", [&](const ObjectInfo&) { return ++count > 0; });
  EXPECT_EQ(count, 0U);
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

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(MakeWorld([]() -> std::unique_ptr<World> {
                                           return std::make_unique<LocalWorld>();
                                         }),
                                         MakeWorld([]() -> std::unique_ptr<World> {
                                           return std::make_unique<FakeS3World>();
                                         })),
                         [](const testing::TestParamInfo<MakeWorld>& test) {
                           return test.index == 0 ? "Local" : "S3";
                         });

}  // namespace
}  // namespace sluice

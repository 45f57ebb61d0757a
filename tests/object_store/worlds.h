#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "stores.h"

namespace sluice {

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

class GcsWorld final : public World {
 public:
  std::unique_ptr<ObjectStore> open() override { return world_.open(); }
  std::optional<std::string> read(const std::string& key) override {
    const auto objects = world_.gcs.objects();
    const auto found = objects.find(key);
    if (found == objects.end()) return std::nullopt;
    return found->second.bytes;
  }
  void write_foreign(const std::string& key, const std::string& bytes) override {
    world_.gcs.put(key, {bytes, "text/plain", ""});
  }
  size_t staged() override { return count_files(world_.spool()) + world_.gcs.uploads(); }

 private:
  GcsWorldParts world_;
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

/// The stores that promise it.
inline auto every_store() {
  return testing::Values(
      MakeWorld([]() -> std::unique_ptr<World> { return std::make_unique<LocalWorld>(); }),
      MakeWorld([]() -> std::unique_ptr<World> { return std::make_unique<FakeS3World>(); }),
      MakeWorld([]() -> std::unique_ptr<World> { return std::make_unique<GcsWorld>(); }));
}
inline std::string store_name(const testing::TestParamInfo<MakeWorld>& test) {
  return std::vector<std::string>{"Local", "S3", "Gcs"}.at(test.index);
}

}  // namespace sluice

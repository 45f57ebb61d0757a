#include "pipeline/one_file_store.h"

#include <utility>

#include "base/error.h"

namespace sluice {
namespace {

/// Counts what is written to it.
class NoObject final : public StagedObject {
 public:
  explicit NoObject(std::string key) : key_(std::move(key)) {}
  void write(std::string_view bytes) override { size_ += bytes.size(); }
  void finish() override {}
  StageTicket ticket() const override { return {}; }
  const std::string& key() const override { return key_; }
  uint64_t size() const override { return size_; }

 private:
  std::string key_;
  uint64_t size_ = 0;
};

[[noreturn]] void unused() {
  throw Error(ErrorCode::kInternal, "A store for one file was asked for something else.");
}

class OneFileStore final : public ObjectStore {
 public:
  OneFileStore(ObjectStore& store, std::string asked, std::string key)
      : store_(store), asked_(std::move(asked)), key_(std::move(key)) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    if (key != asked_) return std::make_unique<NoObject>(key);
    StageOptions never = options;
    never.overwrite = Overwrite::kNever;
    return store_.stage(key_, never);
  }
  void discard(const StageTicket& ticket) override {
    if (!ticket.text.empty()) store_.discard(ticket);
  }
  PublishResult publish(const StageTicket&) override { unused(); }
  void sync() override { store_.sync(); }
  void remove_staging(const std::string&) override { unused(); }
  std::vector<UnfinishedUpload> unfinished(const std::string&) override { unused(); }
  std::optional<ObjectInfo> head(const std::string&) override { return std::nullopt; }
  std::string read(const std::string&, uint64_t, uint64_t) override { unused(); }
  void list(const std::string&, const std::function<bool(const ObjectInfo&)>&) override {
    unused();
  }
  void remove(const std::string&) override { unused(); }
  void probe(const std::string&) override { unused(); }

 private:
  ObjectStore& store_;
  std::string asked_;
  std::string key_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_one_file_store(ObjectStore& store, std::string asked,
                                                 std::string key) {
  return std::make_unique<OneFileStore>(store, std::move(asked), std::move(key));
}

}  // namespace sluice

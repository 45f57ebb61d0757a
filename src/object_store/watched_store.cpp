#include "object_store/watched_store.h"

#include <utility>

namespace sluice {
namespace {

class Call {
 public:
  explicit Call(StoreWatch& watch) : watch_(watch) { watch_.begin_call(); }
  ~Call() { watch_.end_call(); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

 private:
  StoreWatch& watch_;
};

class WatchedObject final : public StagedObject {
 public:
  WatchedObject(std::unique_ptr<StagedObject> object, StoreWatch& watch)
      : object_(std::move(object)), watch_(watch) {}
  ~WatchedObject() override {
    const Call call(watch_);
    object_.reset();
  }
  WatchedObject(const WatchedObject&) = delete;
  WatchedObject& operator=(const WatchedObject&) = delete;

  void write(std::string_view bytes) override {
    const Call call(watch_);
    object_->write(bytes);
  }
  void finish() override {
    const Call call(watch_);
    object_->finish();
  }
  StageTicket ticket() const override { return object_->ticket(); }
  const std::string& key() const override { return object_->key(); }
  uint64_t size() const override { return object_->size(); }

 private:
  std::unique_ptr<StagedObject> object_;
  StoreWatch& watch_;
};

class WatchedStore final : public ObjectStore {
 public:
  WatchedStore(std::unique_ptr<ObjectStore> store, StoreWatch& watch)
      : store_(std::move(store)), watch_(watch) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    const Call call(watch_);
    return std::make_unique<WatchedObject>(store_->stage(key, options), watch_);
  }
  PublishResult publish(const StageTicket& ticket) override {
    const Call call(watch_);
    return store_->publish(ticket);
  }
  void sync() override {
    const Call call(watch_);
    store_->sync();
  }
  std::optional<StageTicket> rename(const StageTicket& ticket, const std::string& key) override {
    const Call call(watch_);
    return store_->rename(ticket, key);
  }
  std::optional<StoreAccess> access() override {
    const Call call(watch_);
    return store_->access();
  }
  std::optional<StageTicket> claim_folder(const std::string& prefix) override {
    const Call call(watch_);
    return store_->claim_folder(prefix);
  }
  std::optional<StageTicket> adopt(const std::string& source, uint64_t size, const std::string& key,
                                   const StageOptions& options) override {
    const Call call(watch_);
    return store_->adopt(source, size, key, options);
  }
  void discard(const StageTicket& ticket) override {
    const Call call(watch_);
    store_->discard(ticket);
  }
  void remove_staging(const std::string& job_id) override {
    const Call call(watch_);
    store_->remove_staging(job_id);
  }
  std::vector<UnfinishedUpload> unfinished(const std::string& prefix) override {
    const Call call(watch_);
    return store_->unfinished(prefix);
  }
  std::optional<ObjectInfo> head(const std::string& key) override {
    const Call call(watch_);
    return store_->head(key);
  }
  std::string read(const std::string& key, uint64_t offset, uint64_t size) override {
    const Call call(watch_);
    return store_->read(key, offset, size);
  }
  void list(const std::string& prefix,
            const std::function<bool(const ObjectInfo&)>& each) override {
    const Call call(watch_);
    store_->list(prefix, each);
  }
  void remove(const std::string& key) override {
    const Call call(watch_);
    store_->remove(key);
  }
  void probe(const std::string& prefix) override {
    const Call call(watch_);
    store_->probe(prefix);
  }

 private:
  std::unique_ptr<ObjectStore> store_;
  StoreWatch& watch_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_watched_store(std::unique_ptr<ObjectStore> store,
                                                StoreWatch& watch) {
  return std::make_unique<WatchedStore>(std::move(store), watch);
}

}  // namespace sluice

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "object_store/open_store.h"

namespace sluice {

/// What is behind every FakeStore of a test: the objects readers see, and what is staged and hidden
/// from them. Thread-safe; the hook is called without the lock held.
class FakeBucket {
 public:
  struct Staged {
    std::string key;
    std::string content;
    std::string job_id;
    Overwrite overwrite = Overwrite::kReplace;
    bool finished = false;
    std::string source = {};  ///< Adopted: the object that it is a copy of; gone when published.
  };
  /// Called before each call is carried out, with its name (open, stage, write, finish, publish,
  /// discard, remove_staging, head, read, list, remove, probe) and the key or job; may throw
  /// `Error`.
  using Hook = std::function<void(const std::string& call, const std::string& name)>;

  void set_hook(Hook hook) {
    std::scoped_lock lock(mutex_);
    hook_ = std::move(hook);
  }
  /// Fails every such call; "" as name means any.
  void fail(const std::string& call, const std::string& name, ErrorCode code) {
    set_hook([=](const std::string& a_call, const std::string& a_name) {
      if (a_call != call || (!name.empty() && a_name != name)) return;
      throw Error(code, "The fake store fails at " + call + " of " + a_name + ".");
    });
  }
  std::map<std::string, std::string> objects() const {
    std::scoped_lock lock(mutex_);
    return objects_;
  }
  void clear() {
    std::scoped_lock lock(mutex_);
    objects_.clear();
  }
  void put(const std::string& key, const std::string& content) {
    std::scoped_lock lock(mutex_);
    objects_[key] = content;
  }
  /// How many objects are begun or finished and neither published nor discarded.
  size_t staged() const {
    std::scoped_lock lock(mutex_);
    return staged_.size();
  }
  /// "call name" of every call, in order.
  std::vector<std::string> calls() const {
    std::scoped_lock lock(mutex_);
    return calls_;
  }
  size_t count(const std::string& call) const {
    size_t count = 0;
    for (const std::string& line : calls()) count += line.starts_with(call + " ") ? 1 : 0;
    return count;
  }
  /// The first byte of an object makes something at the store, as a multipart upload does.
  bool remote = false;
  /// Another party can write to it, as to S3.
  bool open_to_others = false;
  /// So many discards leave what they should remove, as where a part arrives just after them.
  std::atomic<int> late_parts = 0;

 private:
  friend class FakeStore;
  friend class FakeStagedObject;

  void enter(const std::string& call, const std::string& name) {
    Hook hook;
    {
      std::scoped_lock lock(mutex_);
      calls_.push_back(call + " " + name);
      hook = hook_;
    }
    if (hook) hook(call, name);
  }

  mutable std::mutex mutex_;
  Hook hook_;
  std::map<std::string, std::string> objects_;
  std::map<std::string, Staged> staged_;        // by ticket
  std::map<std::string, std::string> writers_;  // key -> the ticket that stands there
  std::vector<std::string> calls_;
  int tickets_ = 0;
};

class FakeStagedObject final : public StagedObject {
 public:
  FakeStagedObject(FakeBucket& bucket, std::string key, StageOptions options, std::string ticket)
      : bucket_(bucket),
        key_(std::move(key)),
        options_(std::move(options)),
        ticket_{std::move(ticket)} {}
  ~FakeStagedObject() override {
    std::scoped_lock lock(bucket_.mutex_);
    auto found = bucket_.staged_.find(ticket_.text);
    if (found != bucket_.staged_.end() && !found->second.finished) bucket_.staged_.erase(found);
  }

  void write(std::string_view bytes) override {
    bucket_.enter("write", key_);
    if (bucket_.remote && size_ == 0 && options_.on_remote_begin) options_.on_remote_begin(ticket_);
    size_ += bytes.size();
    std::scoped_lock lock(bucket_.mutex_);
    bucket_.staged_.at(ticket_.text).content += bytes;
  }
  void finish() override {
    bucket_.enter("finish", key_);
    std::scoped_lock lock(bucket_.mutex_);
    bucket_.staged_.at(ticket_.text).finished = true;
  }
  StageTicket ticket() const override { return ticket_; }
  const std::string& key() const override { return key_; }
  uint64_t size() const override { return size_; }

 private:
  FakeBucket& bucket_;
  std::string key_;
  StageOptions options_;
  StageTicket ticket_;
  uint64_t size_ = 0;
};

/// An ObjectStore in memory that keeps the promises of object_store.h.
class FakeStore final : public ObjectStore {
 public:
  explicit FakeStore(FakeBucket& bucket, std::stop_token stop = {})
      : bucket_(bucket), stop_(std::move(stop)) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    enter("stage", key);
    std::scoped_lock lock(bucket_.mutex_);
    const std::string ticket = "ticket " + std::to_string(++bucket_.tickets_);
    bucket_.staged_[ticket] = {key, "", options.job_id, options.overwrite, false};
    return std::make_unique<FakeStagedObject>(bucket_, key, options, ticket);
  }
  PublishResult publish(const StageTicket& ticket) override {
    enter("publish", key_of(ticket));
    std::scoped_lock lock(bucket_.mutex_);
    for (const auto& [key, writer] : bucket_.writers_) {
      if (writer == ticket.text) return PublishResult::kPublished;
    }
    auto found = bucket_.staged_.find(ticket.text);
    if (found == bucket_.staged_.end() || !found->second.finished) {
      throw Error(ErrorCode::kConflict, "What was staged is gone.");
    }
    const FakeBucket::Staged& staged = found->second;
    if (staged.overwrite == Overwrite::kNever && bucket_.objects_.contains(staged.key)) {
      return PublishResult::kNameTaken;
    }
    bucket_.objects_[staged.key] = staged.content;
    bucket_.objects_.erase(staged.source);
    bucket_.writers_[staged.key] = ticket.text;
    bucket_.staged_.erase(found);
    return PublishResult::kPublished;
  }
  std::optional<StageTicket> rename(const StageTicket& ticket, const std::string& key) override {
    enter("rename", key);
    std::scoped_lock lock(bucket_.mutex_);
    if (bucket_.remote) return std::nullopt;
    bucket_.staged_.at(ticket.text).key = key;
    return ticket;
  }
  std::optional<StoreAccess> access() override {
    if (!bucket_.open_to_others) return std::nullopt;
    return StoreAccess{"http://store/bucket", "key", Secret("secret"), {}};
  }
  std::optional<StageTicket> claim_folder(const std::string& prefix) override {
    if (!bucket_.open_to_others) return std::nullopt;
    return StageTicket{std::string(kFolder) + prefix};
  }
  std::optional<StageTicket> adopt(const std::string& source, uint64_t size, const std::string& key,
                                   const StageOptions& options) override {
    if (!bucket_.open_to_others) return std::nullopt;
    enter("adopt", key);
    std::scoped_lock lock(bucket_.mutex_);
    const std::string content = bucket_.objects_.at(source);
    if (content.size() != size) throw Error(ErrorCode::kCorrupt, source + " has another size.");
    const std::string ticket = "ticket " + std::to_string(++bucket_.tickets_);
    bucket_.staged_[ticket] = {key, content, options.job_id, options.overwrite, true, source};
    return StageTicket{ticket};
  }
  void discard(const StageTicket& ticket) override {
    bucket_.enter("discard", key_of(ticket));
    std::scoped_lock lock(bucket_.mutex_);
    if (bucket_.late_parts > 0 && bucket_.late_parts-- > 0) return;
    if (ticket.text.starts_with(kFolder)) {
      const std::string prefix = ticket.text.substr(kFolder.size());
      std::erase_if(bucket_.objects_,
                    [&](const auto& item) { return item.first.starts_with(prefix); });
    }
    const auto staged = bucket_.staged_.find(ticket.text);
    if (staged == bucket_.staged_.end()) return;
    bucket_.objects_.erase(staged->second.source);
    bucket_.staged_.erase(staged);
  }
  void sync() override {}
  void remove_staging(const std::string& job_id) override {
    bucket_.enter("remove_staging", job_id);
    std::scoped_lock lock(bucket_.mutex_);
    if (bucket_.remote) return;
    std::erase_if(bucket_.staged_, [&](const auto& item) { return item.second.job_id == job_id; });
  }
  std::vector<UnfinishedUpload> unfinished(const std::string&) override { return {}; }
  std::optional<ObjectInfo> head(const std::string& key) override {
    enter("head", key);
    std::scoped_lock lock(bucket_.mutex_);
    auto found = bucket_.objects_.find(key);
    if (found == bucket_.objects_.end()) return std::nullopt;
    return ObjectInfo{key, found->second.size(), "", ""};
  }
  std::string read(const std::string& key, uint64_t offset, uint64_t size) override {
    enter("read", key);
    std::scoped_lock lock(bucket_.mutex_);
    auto found = bucket_.objects_.find(key);
    if (found == bucket_.objects_.end()) throw Error(ErrorCode::kNotFound, "No object " + key);
    if (offset + size > found->second.size())
      throw Error(ErrorCode::kCorrupt, key + " ends before");
    return found->second.substr(offset, size);
  }
  void list(const std::string& prefix,
            const std::function<bool(const ObjectInfo&)>& each) override {
    enter("list", prefix);
    for (const auto& [key, content] : bucket_.objects()) {
      if (key.starts_with(prefix) && !each({key, content.size(), "", ""})) return;
    }
  }
  void remove(const std::string& key) override {
    enter("remove", key);
    std::scoped_lock lock(bucket_.mutex_);
    bucket_.objects_.erase(key);
  }
  void probe(const std::string& prefix) override { enter("probe", prefix); }

 private:
  void enter(const std::string& call, const std::string& name) {
    bucket_.enter(call, name);
    if (stop_.stop_requested()) throw Error(ErrorCode::kCancelled, "The store was stopped.");
  }
  std::string key_of(const StageTicket& ticket) const {
    std::scoped_lock lock(bucket_.mutex_);
    auto found = bucket_.staged_.find(ticket.text);
    return found == bucket_.staged_.end() ? ticket.text : found->second.key;
  }

  static constexpr std::string_view kFolder = "folder ";

  FakeBucket& bucket_;
  std::stop_token stop_;
};

/// Opens every connection as a store over the same bucket.
class FakeStoreOpener final : public StoreOpener {
 public:
  explicit FakeStoreOpener(FakeBucket& bucket) : bucket_(bucket) {}
  std::unique_ptr<ObjectStore> open(const Connection& connection, const Destination&,
                                    const StoreUse& use) override {
    std::scoped_lock lock(mutex_);
    opened_.insert(connection.name);
    return std::make_unique<FakeStore>(bucket_, use.stop);
  }
  std::set<std::string> opened() const {
    std::scoped_lock lock(mutex_);
    return opened_;
  }

 private:
  FakeBucket& bucket_;
  mutable std::mutex mutex_;
  std::set<std::string> opened_;
};

}  // namespace sluice

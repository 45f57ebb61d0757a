#include "object_store/gcs_store.h"

#include <utility>

#include "object_store/gcs_object.h"
#include "object_store/gcs_publisher.h"
#include "object_store/gcs_ticket.h"
#include "object_store/staging.h"

namespace sluice {
namespace {

class GcsStore final : public ObjectStore {
 public:
  GcsStore(GcsStoreOptions options, GoogleTokens tokens, HttpClient& http, Clock& clock,
           Random& random)
      : client_(std::move(options.gcs), std::move(tokens), http, clock, random),
        staging_{client_, syncs_, options.spool_dir},
        publisher_(client_, options.spool_dir) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    check_key(key);
    check_job_id(options.job_id);
    return make_gcs_object(staging_, key, options, options.job_id + "/" + client_.random().hex(16));
  }

  PublishResult publish(const StageTicket& ticket) override {
    return publisher_.publish(read_gcs_ticket(ticket));
  }

  std::optional<StageTicket> rename(const StageTicket& ticket, const std::string& key) override {
    check_key(key);
    GcsTicket staged = read_gcs_ticket(ticket);
    if (!staged.upload_id.empty()) return std::nullopt;
    staged.key = key;
    return write_ticket(staged);
  }

  void sync() override { syncs_.flush(); }

  void discard(const StageTicket& ticket) override {
    const GcsTicket staged = read_gcs_ticket(ticket);
    if (!staged.upload_id.empty()) client_.abort_upload(staged.key, staged.upload_id);
    publisher_.remove_spooled(staged);
  }

  void remove_staging(const std::string& job_id) override {
    remove_staging_folder(staging_.spool_dir, job_id);
  }

  std::vector<UnfinishedUpload> unfinished(const std::string&) override { return {}; }

  std::optional<ObjectInfo> head(const std::string& key) override {
    check_key(key);
    return client_.head(key);
  }

  std::string read(const std::string& key, uint64_t offset, uint64_t size) override {
    check_key(key);
    check_range(offset, size);
    return client_.read(key, offset, size);
  }

  void list(const std::string& prefix,
            const std::function<bool(const ObjectInfo&)>& each) override {
    std::string next;
    do {
      const GcsPage page = client_.list(prefix, next);
      for (const ObjectInfo& info : page.objects) {
        if (!each(info)) return;
      }
      next = page.next;
    } while (!next.empty());
  }

  void remove(const std::string& key) override {
    check_key(key);
    client_.remove(key);
  }

  void probe(const std::string& prefix) override {
    std::string key = prefix;
    if (!key.empty() && !key.ends_with('/')) key += '/';
    key += ".sluice-probe-" + client_.random().hex(8);
    check_key(key);
    client_.abort_upload(key, client_.begin_upload(key, {"application/octet-stream", ""}));
  }

 private:
  GcsClient client_;
  PendingSyncs syncs_;
  GcsStaging staging_;
  GcsPublisher publisher_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_gcs_store(GcsStoreOptions options, GoogleTokens tokens,
                                            HttpClient& http, Clock& clock, Random& random) {
  return std::make_unique<GcsStore>(std::move(options), std::move(tokens), http, clock, random);
}

}  // namespace sluice

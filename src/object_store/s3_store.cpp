#include "object_store/s3_store.h"

#include <utility>

#include "object_store/s3_object.h"
#include "object_store/s3_publisher.h"
#include "object_store/s3_ticket.h"
#include "object_store/staging.h"
#include "object_store/upload_pool.h"

namespace sluice {
namespace {

class S3Store final : public ObjectStore {
 public:
  S3Store(S3StoreOptions options, HttpClient& http, Clock& clock, Random& random)
      : client_(std::move(options.s3), http, clock, random),
        uploaders_(options.uploaders),
        staging_{client_, uploaders_, syncs_, options.spool_dir, options.first_part_bytes},
        publisher_(client_, options.spool_dir) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    check_key(key);
    check_job_id(options.job_id);
    return make_s3_object(staging_, key, options, options.job_id + "/" + client_.random().hex(16));
  }

  PublishResult publish(const StageTicket& ticket) override {
    return publisher_.publish(read_ticket(ticket));
  }

  std::optional<StageTicket> rename(const StageTicket& ticket, const std::string& key) override {
    check_key(key);
    S3Ticket staged = read_ticket(ticket);
    if (!staged.upload_id.empty()) return std::nullopt;
    staged.key = key;
    return write_ticket(staged);
  }

  void sync() override { syncs_.flush(); }

  void discard(const StageTicket& ticket) override {
    const S3Ticket staged = read_ticket(ticket);
    if (!staged.upload_id.empty()) {
      client_.abort_upload(staged.key, staged.upload_id);
    } else if (staged.finished) {
      publisher_.remove_spooled(staged);
    } else {
      abort_uploads_of(staged.key);
    }
  }

  void remove_staging(const std::string& job_id) override {
    remove_staging_folder(staging_.spool_dir, job_id);
  }

  /// The process died while it began an upload, so its id is not known: what is open under the very
  /// key is taken for it.
  void abort_uploads_of(const std::string& key) {
    for (const UnfinishedUpload& upload : unfinished(key)) {
      if (upload.key == key) discard(upload.ticket);
    }
  }

  std::vector<UnfinishedUpload> unfinished(const std::string& prefix) override {
    std::vector<UnfinishedUpload> out;
    s3_xml::UploadPage page;
    do {
      page = client_.list_uploads(prefix, page);
      for (const s3_xml::Upload& upload : page.uploads) {
        S3Ticket ticket;
        ticket.key = upload.key;
        ticket.upload_id = upload.upload_id;
        out.push_back({upload.key, write_ticket(ticket)});
      }
    } while (page.more);
    return out;
  }

  std::optional<ObjectInfo> head(const std::string& key) override {
    check_key(key);
    return client_.head_object(key);
  }

  std::string read(const std::string& key, uint64_t offset, uint64_t size) override {
    check_key(key);
    check_range(offset, size);
    return client_.read_object(key, offset, size);
  }

  void list(const std::string& prefix,
            const std::function<bool(const ObjectInfo&)>& each) override {
    std::string next;
    do {
      const s3_xml::ObjectPage page = client_.list_objects(prefix, next);
      for (const ObjectInfo& info : page.objects) {
        if (!each(info)) return;
      }
      next = page.next;
    } while (!next.empty());
  }

  void remove(const std::string& key) override {
    check_key(key);
    client_.delete_object(key);
  }

  void probe(const std::string& prefix) override {
    std::string key = prefix;
    if (!key.empty() && !key.ends_with('/')) key += '/';
    key += ".sluice-probe-" + client_.random().hex(8);
    check_key(key);
    const std::string upload = client_.create_upload(key, {"application/octet-stream", "", false});
    client_.abort_upload(key, upload);
  }

 private:
  S3Client client_;
  UploadPool uploaders_;
  PendingSyncs syncs_;
  S3Staging staging_;
  S3Publisher publisher_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_s3_store(S3StoreOptions options, HttpClient& http, Clock& clock,
                                           Random& random) {
  return std::make_unique<S3Store>(std::move(options), http, clock, random);
}

}  // namespace sluice

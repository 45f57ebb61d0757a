#include "object_store/s3_store.h"

#include <utility>

#include "base/error.h"
#include "object_store/s3_leftovers.h"
#include "object_store/s3_object.h"
#include "object_store/s3_publisher.h"
#include "object_store/s3_ticket.h"
#include "object_store/staging.h"
#include "object_store/upload_pool.h"

namespace sluice {
namespace {

/// A copy's source is removed afterwards: it must not be the copy.
void check_target(const std::string& source, const std::string& key) {
  if (source != key) return;
  throw Error(ErrorCode::kInvalid, "An object can't be staged under its own name, " + key + ".");
}

class S3Store final : public ObjectStore {
 public:
  S3Store(S3StoreOptions options, HttpClient& http, Clock& clock, Random& random)
      : client_(std::move(options.s3), http, clock, random),
        uploaders_(options.uploaders),
        staging_{client_, uploaders_, syncs_, options.spool_dir, options.first_part_bytes},
        publisher_(client_, options.spool_dir),
        copier_(client_, publisher_, options.copies) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    check_key(key);
    check_job_id(options.job_id);
    return make_s3_object(staging_, key, options, options.job_id + "/" + client_.random().hex(16));
  }

  PublishResult publish(const StageTicket& ticket) override {
    const S3Ticket staged = read_ticket(ticket);
    return staged.source.empty() ? publisher_.publish(staged) : copier_.publish(staged);
  }

  std::optional<StageTicket> rename(const StageTicket& ticket, const std::string& key) override {
    check_key(key);
    S3Ticket staged = read_ticket(ticket);
    if (!staged.upload_id.empty() || !staged.folder.empty()) return std::nullopt;
    check_target(staged.source, key);
    staged.key = key;
    return write_ticket(staged);
  }

  std::optional<StoreAccess> access() override { return client_.access(); }

  std::optional<StageTicket> claim_folder(const std::string& prefix) override {
    check_key(prefix);
    if (!prefix.ends_with('/')) throw Error(ErrorCode::kInvalid, prefix + " is not a folder.");
    S3Ticket ticket;
    ticket.folder = prefix;
    return write_ticket(ticket);
  }

  std::optional<StageTicket> adopt(const std::string& source, uint64_t size, const std::string& key,
                                   const StageOptions& options) override {
    check_key(source);
    check_key(key);
    check_job_id(options.job_id);
    check_target(source, key);
    S3Ticket ticket{.key = key,
                    .job_id = options.job_id,
                    .content_type = options.content_type,
                    .overwrite = options.overwrite,
                    .size = size,
                    .finished = true,
                    .source = source};
    return write_ticket(ticket);
  }

  void sync() override { syncs_.flush(); }

  void discard(const StageTicket& ticket) override {
    const S3Ticket staged = read_ticket(ticket);
    if (!staged.folder.empty()) {
      remove_folder(client_, staged.folder);
    } else if (!staged.source.empty()) {
      copier_.discard(staged);
    } else if (!staged.upload_id.empty()) {
      client_.abort_upload(staged.key, staged.upload_id);
    } else if (staged.finished) {
      publisher_.remove_spooled(staged);
    } else {
      // The process died while it began an upload, so its id is not known: what is open under the
      // very key is taken for it.
      abort_uploads_of(client_, staged.key);
    }
  }

  void remove_staging(const std::string& job_id) override {
    remove_staging_folder(staging_.spool_dir, job_id);
  }

  std::vector<UnfinishedUpload> unfinished(const std::string& prefix) override {
    std::vector<UnfinishedUpload> out;
    for (const s3_xml::Upload& upload : open_uploads(client_, prefix, S3Purpose::kWork)) {
      S3Ticket ticket;
      ticket.key = upload.key;
      ticket.upload_id = upload.upload_id;
      out.push_back({upload.key, write_ticket(ticket)});
    }
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
  S3Copier copier_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_s3_store(S3StoreOptions options, HttpClient& http, Clock& clock,
                                           Random& random) {
  return std::make_unique<S3Store>(std::move(options), http, clock, random);
}

}  // namespace sluice

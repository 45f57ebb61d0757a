#include "object_store/s3_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "object_store/file_error.h"
#include "object_store/retry.h"
#include "object_store/s3_object.h"
#include "object_store/s3_ticket.h"
#include "object_store/staging.h"

namespace sluice {
namespace {

/// How many bytes a file has; nothing if it is not there.
std::optional<uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw file_error(errno, "looking at", path);
}

class S3Store final : public ObjectStore {
 public:
  S3Store(S3StoreOptions options, HttpClient& http, Clock& clock, Random& random)
      : client_(std::move(options.s3), http, clock, random),
        spool_dir_(std::move(options.spool_dir)) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    check_key(key);
    check_job_id(options.job_id);
    return make_s3_object(client_, key, options, spool_dir_,
                          options.job_id + "/" + client_.random().hex(16));
  }

  PublishResult publish(const StageTicket& ticket) override {
    const S3Ticket staged = read_ticket(ticket);
    if (!staged.finished) {
      throw Error(ErrorCode::kInternal,
                  staged.key + " was to be published before it was finished.");
    }
    if (staged.overwrite == Overwrite::kNever) {
      if (const auto there = client_.head_object(staged.key)) return settle(staged, *there);
    }
    const PublishResult result =
        staged.upload_id.empty() ? publish_put(staged) : publish_upload(staged);
    if (result == PublishResult::kPublished) remove_spooled(staged);
    return result;
  }

  void discard(const StageTicket& ticket) override {
    const S3Ticket staged = read_ticket(ticket);
    if (!staged.upload_id.empty()) {
      client_.abort_upload(staged.key, staged.upload_id);
    } else if (staged.finished) {
      remove_spooled(staged);
    } else {
      abort_uploads_of(staged.key);
    }
  }

  void remove_staging(const std::string& job_id) override {
    remove_staging_folder(spool_dir_, job_id);
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

  void probe(const std::string& prefix) override {
    std::string key = prefix;
    if (!key.empty() && !key.ends_with('/')) key += '/';
    key += ".sluice-probe-" + client_.random().hex(8);
    check_key(key);
    const std::string upload = client_.create_upload(key, {"application/octet-stream", "", false});
    client_.abort_upload(key, upload);
  }

 private:
  std::string spool_path(const S3Ticket& ticket) const {
    return spool_dir_ + "/" + ticket.spool_file;
  }

  void remove_spooled(const S3Ticket& ticket) const {
    if (ticket.spool_file.empty()) return;
    const std::string path = spool_path(ticket);
    if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
      throw file_error(errno, "removing", path);
    }
  }

  /// What stands under the key decides: it is what we staged, or someone else's.
  PublishResult settle(const S3Ticket& ticket, const ObjectInfo& there) const {
    const bool ours = there.job_id == ticket.job_id && there.size == ticket.size;
    return ours ? PublishResult::kPublished : PublishResult::kNameTaken;
  }

  bool is_ours(const S3Ticket& ticket) {
    const auto there = client_.head_object(ticket.key);
    return there && settle(ticket, *there) == PublishResult::kPublished;
  }

  /// After a write that the store confirmed.
  PublishResult verify(const S3Ticket& ticket) {
    const auto there = client_.head_object(ticket.key);
    const std::string name = client_.name_of(ticket.key);
    if (!there) {
      throw Error(ErrorCode::kCorrupt, "The store confirmed " + name + " but does not have it.");
    }
    if (!there->job_id.empty() && there->job_id != ticket.job_id) {
      throw Error(ErrorCode::kConflict, name + " was replaced by another writer right away.",
                  "Let only one sink write to a name.");
    }
    if (there->size != ticket.size) {
      throw Error(ErrorCode::kCorrupt, name + " has " + std::to_string(there->size) +
                                           " bytes in the store, not the " +
                                           std::to_string(ticket.size) + " that were written.");
    }
    return PublishResult::kPublished;
  }

  /// The condition failed. What stands under the name may be our own: the answer to an earlier try
  /// was lost. Nothing there: another write was under way (409) and has come to nothing, so ours is
  /// to be repeated, and nothing is returned.
  std::optional<PublishResult> refused(const S3Ticket& ticket, Retry& retry) {
    if (const auto there = client_.head_object(ticket.key)) return settle(ticket, *there);
    if (retry.again()) return std::nullopt;
    throw Error(ErrorCode::kConflict,
                "Another writer was changing " + client_.name_of(ticket.key) + " at this moment.",
                "Run it again.");
  }

  PublishResult publish_put(const S3Ticket& ticket) {
    const std::string path = spool_path(ticket);
    const std::optional<uint64_t> size = file_size(path);
    if (!size) {
      if (is_ours(ticket)) return PublishResult::kPublished;
      throw gone(ticket, "its spooled file " + path + " is not there");
    }
    if (*size != ticket.size) {
      throw Error(ErrorCode::kCorrupt, "The spooled file " + path + " does not have its size.");
    }
    S3Body body;
    body.file = path;
    body.size = ticket.size;
    body.sha256 = ticket.sha256;
    S3ObjectOptions object{ticket.content_type, ticket.job_id,
                           ticket.overwrite == Overwrite::kNever};
    Retry retry(client_.clock(), client_.random(), client_.options().stop);
    while (true) {
      const S3Written written = client_.put_object(ticket.key, body, object);
      if (written == S3Written::kDone) return verify(ticket);
      if (written == S3Written::kUnsupported) {
        object.only_if_new = false;
      } else if (const auto result = refused(ticket, retry)) {
        return *result;
      }
    }
  }

  PublishResult publish_upload(const S3Ticket& ticket) {
    bool only_if_new = ticket.overwrite == Overwrite::kNever;
    Retry retry(client_.clock(), client_.random(), client_.options().stop);
    while (true) {
      switch (client_.complete_upload(ticket.key, ticket.upload_id, ticket.parts, only_if_new)) {
        case S3Written::kDone:
          return verify(ticket);
        case S3Written::kNameTaken:
          if (const auto result = refused(ticket, retry)) return *result;
          continue;
        case S3Written::kUnsupported:
          only_if_new = false;
          continue;
        case S3Written::kNoUpload:
          if (is_ours(ticket)) return PublishResult::kPublished;
          throw gone(ticket,
                     "its upload is gone; a lifecycle rule of the bucket may have aborted it");
        case S3Written::kUnclear:
          if (is_ours(ticket)) return PublishResult::kPublished;
          if (retry.again()) continue;
          throw Error(ErrorCode::kUnavailable, "The store does not say whether it has completed " +
                                                   client_.name_of(ticket.key) + ".");
      }
    }
  }

  Error gone(const S3Ticket& ticket, const std::string& why) const {
    return {ErrorCode::kConflict,
            client_.name_of(ticket.key) + " can't be published: " + why +
                ", and the name does not hold the object.",
            "Run the job again."};
  }

  S3Client client_;
  std::string spool_dir_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_s3_store(S3StoreOptions options, HttpClient& http, Clock& clock,
                                           Random& random) {
  return std::make_unique<S3Store>(std::move(options), http, clock, random);
}

}  // namespace sluice

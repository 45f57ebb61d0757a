#include "object_store/s3_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "object_store/file_error.h"
#include "object_store/retry.h"
#include "object_store/s3_ticket.h"
#include "object_store/spool_file.h"
#include "object_store/staging.h"

namespace sluice {
namespace {

constexpr unsigned kSpoolMode = 0600;

/// How many bytes a file has; nothing if it is not there.
std::optional<uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw file_error(errno, "looking at", path);
}

/// Spool, hash, and send a part each time one is full.
class S3Object final : public StagedObject {
 public:
  S3Object(S3Client& client, std::string key, StageOptions options, const std::string& spool_dir,
           const std::string& spool_name)
      : client_(client),
        options_(std::move(options)),
        spool_(spool_dir + "/" + spool_name, kSpoolMode) {
    ticket_.key = std::move(key);
    ticket_.job_id = options_.job_id;
    ticket_.content_type = options_.content_type;
    ticket_.overwrite = options_.overwrite;
    ticket_.spool_file = spool_name;
  }

  ~S3Object() override {
    if (ticket_.finished) return;
    try {
      if (!ticket_.upload_id.empty()) client_.abort_upload(ticket_.key, ticket_.upload_id);
      spool_.remove();
    } catch (const Error& error) {
      log_warn("Removing what was staged failed: " + error.message());
    }
  }

  void write(std::string_view bytes) override {
    if (ticket_.finished) throw Error(ErrorCode::kInternal, "Written to after finish.");
    while (!bytes.empty()) {
      check_parts();
      const uint64_t room = s3_part_bytes(next_part()) - spool_.size();
      const auto take = static_cast<size_t>(std::min<uint64_t>(room, bytes.size()));
      hash_.update(bytes.substr(0, take));
      spool_.append(bytes.substr(0, take));
      ticket_.size += take;
      bytes.remove_prefix(take);
      if (take == room) send_part();
    }
  }

  void finish() override {
    if (ticket_.finished) return;
    if (ticket_.upload_id.empty()) {
      spool_.sync();
      ticket_.sha256 = hex_encode(hash_.finish());
    } else {
      if (spool_.size() > 0) send_part();
      spool_.remove();
    }
    ticket_.finished = true;
  }

  StageTicket ticket() const override {
    if (!ticket_.finished) throw Error(ErrorCode::kInternal, "A ticket was asked before finish.");
    return write_ticket(ticket_);
  }
  const std::string& key() const override { return ticket_.key; }
  uint64_t size() const override { return ticket_.size; }

 private:
  int next_part() const { return static_cast<int>(ticket_.parts.size()) + 1; }

  void check_parts() const {
    if (next_part() <= limits::kParts) return;
    throw Error(ErrorCode::kTooLarge,
                client_.name_of(ticket_.key) + " is larger than an object can be.",
                "Write several files: use a file template that partitions.");
  }

  void send_part() {
    const int number = next_part();
    if (ticket_.upload_id.empty()) begin_upload();
    spool_.flush();
    S3Body body;
    body.file = spool_.path();
    body.size = spool_.size();
    body.sha256 = hex_encode(std::exchange(hash_, Sha256()).finish());
    ticket_.parts.push_back(
        {number, client_.upload_part(ticket_.key, ticket_.upload_id, number, body)});
    spool_.clear();
  }

  void begin_upload() {
    S3ObjectOptions object;
    object.content_type = options_.content_type;
    object.job_id = options_.job_id;
    ticket_.upload_id = client_.create_upload(ticket_.key, object);
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
  }

  S3Client& client_;
  StageOptions options_;
  SpoolFile spool_;
  Sha256 hash_;  ///< Over what is in the spool now.
  S3Ticket ticket_;
};

class S3Store final : public ObjectStore {
 public:
  S3Store(S3StoreOptions options, HttpClient& http, Clock& clock, Random& random)
      : client_(std::move(options.s3), http, clock, random),
        spool_dir_(std::move(options.spool_dir)) {}

  std::unique_ptr<StagedObject> stage(const std::string& key,
                                      const StageOptions& options) override {
    check_key(key);
    check_job_id(options.job_id);
    return std::make_unique<S3Object>(client_, key, options, spool_dir_,
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
    if (staged.upload_id.empty()) {
      remove_spooled(staged);
    } else {
      client_.abort_upload(staged.key, staged.upload_id);
    }
  }

  void remove_staging(const std::string& job_id) override {
    remove_staging_folder(spool_dir_, job_id);
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

  /// The condition failed. It may be our own object: the answer to the first try was lost.
  PublishResult refused(const S3Ticket& ticket) {
    if (const auto there = client_.head_object(ticket.key)) return settle(ticket, *there);
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
    S3Written written = client_.put_object(ticket.key, body, object);
    if (written == S3Written::kUnsupported) {
      object.only_if_new = false;
      written = client_.put_object(ticket.key, body, object);
    }
    return written == S3Written::kDone ? verify(ticket) : refused(ticket);
  }

  PublishResult publish_upload(const S3Ticket& ticket) {
    bool only_if_new = ticket.overwrite == Overwrite::kNever;
    Retry retry(client_.clock(), client_.random(), client_.options().stop);
    while (true) {
      switch (client_.complete_upload(ticket.key, ticket.upload_id, ticket.parts, only_if_new)) {
        case S3Written::kDone:
          return verify(ticket);
        case S3Written::kNameTaken:
          return refused(ticket);
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

uint64_t s3_part_bytes(int number) {
  return limits::kPartBytes << ((number - 1) / limits::kPartsPerSize);
}

std::unique_ptr<ObjectStore> make_s3_store(S3StoreOptions options, HttpClient& http, Clock& clock,
                                           Random& random) {
  return std::make_unique<S3Store>(std::move(options), http, clock, random);
}

}  // namespace sluice

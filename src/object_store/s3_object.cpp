#include "object_store/s3_object.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "object_store/s3_ticket.h"
#include "object_store/spool_file.h"

namespace sluice {
namespace {

constexpr unsigned kSpoolMode = 0600;

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
    // Before and after: a process that dies in between leaves an upload whose id nobody knows.
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
    ticket_.upload_id = client_.create_upload(ticket_.key, object);
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
  }

  S3Client& client_;
  StageOptions options_;
  SpoolFile spool_;
  Sha256 hash_;  ///< Over what is in the spool now.
  S3Ticket ticket_;
};

}  // namespace

uint64_t s3_part_bytes(int number) {
  return limits::kPartBytes << ((number - 1) / limits::kPartsPerSize);
}

std::unique_ptr<StagedObject> make_s3_object(S3Client& client, const std::string& key,
                                             const StageOptions& options,
                                             const std::string& spool_dir,
                                             const std::string& spool_name) {
  return std::make_unique<S3Object>(client, key, options, spool_dir, spool_name);
}

}  // namespace sluice

#include "object_store/s3_object.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/crc32c.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "object_store/part_uploads.h"
#include "object_store/s3_crc32c.h"
#include "object_store/s3_ticket.h"
#include "object_store/spool_file.h"

namespace sluice {
namespace {

constexpr unsigned kSpoolMode = 0600;

template <typename Act>
void best_effort(Act act) {
  try {
    act();
  } catch (const Error& error) {
    log_warn("Removing what was staged failed: " + error.message());
  }
}

/// Spool, and hand on each part that is full.
class S3Object final : public StagedObject {
 public:
  S3Object(S3Staging& staging, std::string key, StageOptions options, const std::string& spool_name)
      : staging_(staging),
        options_(std::move(options)),
        spool_(staging.spool_dir + "/" + spool_name, kSpoolMode) {
    ticket_.key = std::move(key);
    ticket_.job_id = options_.job_id;
    ticket_.content_type = options_.content_type;
    ticket_.overwrite = options_.overwrite;
    ticket_.spool_file = spool_name;
    ticket_.crc32c = 0;
  }

  ~S3Object() override {
    if (ticket_.finished) return;
    uploads_.reset();  // No part may arrive after the abort: it would stay at the store.
    best_effort([&] {
      if (!ticket_.upload_id.empty()) client().abort_upload(ticket_.key, ticket_.upload_id);
    });
    best_effort([&] { spool_.remove(); });
  }

  void write(std::string_view bytes) override {
    if (ticket_.finished) throw Error(ErrorCode::kInternal, "Written to after finish.");
    if (uploads_) uploads_->check();
    while (!bytes.empty()) {
      const uint64_t room = part_bytes() - spool_.size();
      const auto take = static_cast<size_t>(std::min<uint64_t>(room, bytes.size()));
      const std::string_view piece = bytes.substr(0, take);
      spool_.append(piece);
      part_crc32c_ = crc32c(piece, part_crc32c_);
      ticket_.crc32c = crc32c(piece, *ticket_.crc32c);
      ticket_.size += take;
      bytes.remove_prefix(take);
      if (take == room) send_part();
    }
  }

  void finish() override {
    if (ticket_.finished) return;
    if (!uploads_) {
      spool_.close(staging_.syncs);
    } else {
      if (spool_.size() > 0) send_part();
      ticket_.parts = uploads_->finish();
      uploads_.reset();
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
  S3Client& client() { return staging_.client; }

  /// Of the part that is being filled.
  uint64_t part_bytes() const {
    const ProviderProfile& profile = staging_.client.options().profile;
    if (number_ <= limits::kParts) {
      return s3_part_bytes(profile, number_, staging_.first_part_bytes);
    }
    constexpr uint64_t kGiB = 1ULL << 30;
    const uint64_t most = s3_object_bytes(profile, staging_.first_part_bytes) / kGiB;
    throw Error(ErrorCode::kTooLarge,
                staging_.client.name_of(ticket_.key) +
                    " is larger than an object can be here: " + std::to_string(most) + " GiB.",
                "Write several files: use a file template that partitions.");
  }

  void send_part() {
    if (!uploads_) begin_upload();
    S3Body body;
    body.file = spool_.path();
    body.size = spool_.size();
    body.crc32c = std::exchange(part_crc32c_, 0);
    uploads_->add(number_, body);
    ++number_;
    spool_ = SpoolFile(
        staging_.spool_dir + "/" + ticket_.spool_file + "-" + std::to_string(number_), kSpoolMode);
  }

  void begin_upload() {
    S3ObjectOptions object;
    object.content_type = options_.content_type;
    object.job_id = options_.job_id;
    // Before and after: a process that dies in between leaves an upload whose id nobody knows.
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
    ticket_.upload_id = client().create_upload(ticket_.key, object);
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
    const S3Options& store = client().options();
    uploads_ = std::make_unique<PartUploads>(
        staging_.uploaders, static_cast<size_t>(store.profile.concurrent_parts), store.stop,
        [this](int number, const S3Body& body, std::stop_token stop) {
          s3_xml::Part part =
              client().upload_part(ticket_.key, ticket_.upload_id, number, body, std::move(stop));
          if (client().options().on_part) client().options().on_part();
          return part;
        });
  }

  S3Staging& staging_;
  StageOptions options_;
  SpoolFile spool_;  ///< The part that is being filled.
  int number_ = 1;   ///< Its number.
  uint32_t part_crc32c_ = 0;
  S3Ticket ticket_;
  std::unique_ptr<PartUploads> uploads_;
};

}  // namespace

std::unique_ptr<StagedObject> make_s3_object(S3Staging& staging, const std::string& key,
                                             const StageOptions& options,
                                             const std::string& spool_name) {
  return std::make_unique<S3Object>(staging, key, options, spool_name);
}

}  // namespace sluice

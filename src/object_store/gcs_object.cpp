#include "object_store/gcs_object.h"

#include <algorithm>
#include <utility>

#include "base/crc32c.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "object_store/gcs_ticket.h"
#include "object_store/spool_file.h"

namespace sluice {
namespace {

constexpr unsigned kSpoolMode = 0600;
static_assert(limits::kPartBytes % kGcsChunkUnit == 0);

template <typename Act>
void best_effort(Act act) {
  try {
    act();
  } catch (const Error& error) {
    log_warn("Removing what was staged failed: " + error.message());
  }
}

class GcsObject final : public StagedObject {
 public:
  GcsObject(GcsStaging& staging, std::string key, StageOptions options, std::string spool_name)
      : staging_(staging),
        options_(std::move(options)),
        spool_name_(std::move(spool_name)),
        spool_(staging.spool_dir + "/" + spool_name_, kSpoolMode) {
    ticket_.key = std::move(key);
    ticket_.job_id = options_.job_id;
    ticket_.content_type = options_.content_type;
    ticket_.overwrite = options_.overwrite;
    ticket_.spool_file = spool_name_;
  }

  ~GcsObject() override {
    if (ticket_.finished) return;
    best_effort([&] {
      if (!ticket_.upload_id.empty()) client().abort_upload(ticket_.key, ticket_.upload_id);
    });
    best_effort([&] { spool_.remove(); });
  }

  void write(std::string_view bytes) override {
    if (ticket_.finished) throw Error(ErrorCode::kInternal, "Written to after finish.");
    while (!bytes.empty()) {
      if (spool_.size() == limits::kPartBytes) send_chunk();
      const uint64_t room = limits::kPartBytes - spool_.size();
      const auto take = static_cast<size_t>(std::min<uint64_t>(room, bytes.size()));
      const std::string_view piece = bytes.substr(0, take);
      spool_.append(piece);
      ticket_.crc32c = crc32c(piece, ticket_.crc32c);
      ticket_.size += take;
      bytes.remove_prefix(take);
    }
  }

  void finish() override {
    if (ticket_.finished) return;
    spool_.close(staging_.syncs);
    ticket_.finished = true;
  }

  StageTicket ticket() const override {
    if (!ticket_.finished) throw Error(ErrorCode::kInternal, "A ticket was asked before finish.");
    return write_ticket(ticket_);
  }
  const std::string& key() const override { return ticket_.key; }
  uint64_t size() const override { return ticket_.size; }

 private:
  GcsClient& client() { return staging_.client; }

  void send_chunk() {
    if (ticket_.upload_id.empty()) begin_upload();
    S3Body body;
    body.file = spool_.path();
    body.size = spool_.size();
    if (client().send_chunk(ticket_.key, ticket_.upload_id, body, ticket_.sent, std::nullopt) !=
        GcsWritten::kDone) {
      throw Error(ErrorCode::kConflict,
                  "The upload of " + client().name_of(ticket_.key) + " is gone: someone else " +
                      "ended it, or another object took its name.",
                  "Run it again.");
    }
    ticket_.sent += body.size;
    spool_.remove();
    ticket_.spool_file = spool_name_ + "-" + std::to_string(++chunks_);
    spool_ = SpoolFile(staging_.spool_dir + "/" + ticket_.spool_file, kSpoolMode);
  }

  void begin_upload() {
    const GcsObjectOptions object{options_.content_type, options_.job_id,
                                  options_.overwrite == Overwrite::kNever};
    // Before and after: a process that dies in between leaves an upload whose id nobody knows.
    // It is invisible, costs nothing and ends by itself after a week.
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
    ticket_.upload_id = client().begin_upload(ticket_.key, object);
    if (options_.on_remote_begin) options_.on_remote_begin(write_ticket(ticket_));
  }

  GcsStaging& staging_;
  StageOptions options_;
  const std::string spool_name_;
  SpoolFile spool_;  ///< The chunk that is being filled.
  int chunks_ = 0;   ///< That were sent.
  GcsTicket ticket_;
};

}  // namespace

std::unique_ptr<StagedObject> make_gcs_object(GcsStaging& staging, const std::string& key,
                                              const StageOptions& options,
                                              const std::string& spool_name) {
  return std::make_unique<GcsObject>(staging, key, options, spool_name);
}

}  // namespace sluice

#include "object_store/gcs_publisher.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "base/crc32c.h"
#include "base/error.h"
#include "object_store/file_error.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

bool has_other_bytes(const GcsTicket& ticket, const ObjectInfo& there) {
  return there.size != ticket.size ||
         (there.checksum_crc32c && *there.checksum_crc32c != crc32c_text(ticket.crc32c));
}

/// What stands under the key decides: it is what we staged, or someone else's.
PublishResult settle(const GcsTicket& ticket, const ObjectInfo& there) {
  const bool ours = there.job_id == ticket.job_id && !has_other_bytes(ticket, there);
  return ours ? PublishResult::kPublished : PublishResult::kNameTaken;
}

std::string read_all(const S3Body& body) {
  std::ifstream file(body.file, std::ios::binary);
  std::string bytes(static_cast<size_t>(body.size), '\0');
  errno = 0;
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file) throw file_error(errno == 0 ? EIO : errno, "reading", body.file);
  return bytes;
}

}  // namespace

GcsPublisher::GcsPublisher(GcsClient& client, std::string spool_dir)
    : client_(client), spool_dir_(std::move(spool_dir)) {}

PublishResult GcsPublisher::publish(const GcsTicket& ticket) {
  if (!ticket.finished) {
    throw Error(ErrorCode::kInternal, ticket.key + " was to be published before it was finished.");
  }
  if (ticket.overwrite == Overwrite::kNever) {
    if (const auto there = client_.head(ticket.key)) return settle(ticket, *there);
  }
  const std::optional<S3Body> body = spooled_body(ticket);
  GcsWritten written = GcsWritten::kNoUpload;
  if (body) written = ticket.upload_id.empty() ? insert(ticket, *body) : send_rest(ticket, *body);
  switch (written) {
    case GcsWritten::kDone:
      verify(ticket);
      break;
    case GcsWritten::kNameTaken:
      if (const auto there = client_.head(ticket.key)) {
        const PublishResult result = settle(ticket, *there);
        if (result == PublishResult::kNameTaken) return result;
      }
      break;
    case GcsWritten::kNoUpload:
      break;
  }
  if (written != GcsWritten::kDone && !is_ours(ticket)) {
    throw Error(ErrorCode::kConflict,
                client_.name_of(ticket.key) + " can't be published: " +
                    (body ? "its upload is gone" : "its spooled file is not there") +
                    ", and the name does not hold the object.",
                "Run the job again.");
  }
  remove_spooled(ticket);
  return PublishResult::kPublished;
}

void GcsPublisher::remove_spooled(const GcsTicket& ticket) const {
  const std::string path = spool_dir_ + "/" + ticket.spool_file;
  if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    throw file_error(errno, "removing", path);
  }
}

GcsWritten GcsPublisher::insert(const GcsTicket& ticket, const S3Body& body) {
  const std::string bytes = read_all(body);
  if (crc32c(bytes) != ticket.crc32c) {
    throw Error(ErrorCode::kCorrupt,
                "The spooled file " + body.file + " is not what was written to it.",
                "Check the disk, and that nothing else writes to the data folder.");
  }
  return client_.insert(
      ticket.key, bytes,
      {ticket.content_type, ticket.job_id, ticket.overwrite == Overwrite::kNever, ticket.crc32c});
}

/// The upload says itself how far it came: this process may not be the one that began it.
GcsWritten GcsPublisher::send_rest(const GcsTicket& ticket, const S3Body& body) {
  const std::optional<GcsProgress> there = client_.progress(ticket.key, ticket.upload_id);
  if (!there) return GcsWritten::kNoUpload;
  if (there->complete) return GcsWritten::kDone;
  if (there->persisted < ticket.sent) return GcsWritten::kNoUpload;
  return client_.send_chunk(ticket.key, ticket.upload_id, body, ticket.sent, ticket.size);
}

/// Nothing if it is gone.
std::optional<S3Body> GcsPublisher::spooled_body(const GcsTicket& ticket) const {
  S3Body body;
  body.file = spool_dir_ + "/" + ticket.spool_file;
  body.size = ticket.size - ticket.sent;
  struct stat info {};
  if (stat(body.file.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw file_error(errno, "looking at", body.file);
  }
  if (static_cast<uint64_t>(info.st_size) != body.size) {
    throw Error(ErrorCode::kCorrupt,
                "The spooled file " + body.file + " is not what was written to it.",
                "Check the disk, and that nothing else writes to the data folder.");
  }
  return body;
}

bool GcsPublisher::is_ours(const GcsTicket& ticket) {
  const auto there = client_.head(ticket.key);
  return there && settle(ticket, *there) == PublishResult::kPublished;
}

/// After a write that the store confirmed.
PublishResult GcsPublisher::verify(const GcsTicket& ticket) {
  const auto there = client_.head(ticket.key);
  const std::string name = client_.name_of(ticket.key);
  if (!there) {
    throw Error(ErrorCode::kUnavailable, "The store confirmed " + name + " but does not have it.",
                "Run the sink again.");
  }
  if (!there->job_id.empty() && there->job_id != ticket.job_id) {
    throw Error(ErrorCode::kConflict, name + " was replaced by another writer right away.",
                "Let only one sink write to a name.");
  }
  if (has_other_bytes(ticket, *there)) {
    throw Error(ErrorCode::kCorrupt,
                name + " has " + std::to_string(there->size) + " bytes with the checksum " +
                    there->checksum_crc32c.value_or("unknown") + " in the store, not the " +
                    std::to_string(ticket.size) + " with " + crc32c_text(ticket.crc32c) +
                    " that were written.",
                "Run it again; if it repeats, the store or the network changes data.");
  }
  return PublishResult::kPublished;
}

}  // namespace sluice

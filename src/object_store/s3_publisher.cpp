#include "object_store/s3_publisher.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "base/error.h"
#include "object_store/file_error.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

/// How many bytes a file has; nothing if it is not there.
std::optional<uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw file_error(errno, "looking at", path);
}

/// The checksum that the store must give for the object, in the form of `given`; nothing where it
/// is not known.
std::optional<std::string> expected_checksum(const S3Ticket& ticket, const std::string& given) {
  if (given.find('-') == std::string::npos) {
    if (!ticket.crc32c) return std::nullopt;
    return crc32c_text(*ticket.crc32c);
  }
  std::vector<uint32_t> parts;
  for (const s3_xml::Part& part : ticket.parts) {
    if (!part.crc32c) return std::nullopt;
    parts.push_back(*part.crc32c);
  }
  return crc32c_composite_text(parts);
}

/// Whether the store says that the object has other bytes than those that were staged.
bool has_other_bytes(const S3Ticket& ticket, const ObjectInfo& there) {
  if (!there.checksum_crc32c) return false;
  const std::optional<std::string> expected = expected_checksum(ticket, *there.checksum_crc32c);
  return expected && *expected != *there.checksum_crc32c;
}

/// What stands under the key decides: it is what we staged, or someone else's.
PublishResult settle(const S3Ticket& ticket, const ObjectInfo& there) {
  const bool ours =
      there.job_id == ticket.job_id && there.size == ticket.size && !has_other_bytes(ticket, there);
  return ours ? PublishResult::kPublished : PublishResult::kNameTaken;
}

}  // namespace

S3Publisher::S3Publisher(S3Client& client, std::string spool_dir)
    : client_(client), spool_dir_(std::move(spool_dir)) {}

PublishResult S3Publisher::publish(const S3Ticket& ticket) {
  if (!ticket.finished) {
    throw Error(ErrorCode::kInternal, ticket.key + " was to be published before it was finished.");
  }
  if (ticket.overwrite == Overwrite::kNever) {
    if (const auto there = client_.head_object(ticket.key)) return settle(ticket, *there);
  }
  const PublishResult result =
      ticket.upload_id.empty() ? publish_put(ticket) : publish_upload(ticket);
  if (result == PublishResult::kPublished) remove_spooled(ticket);
  return result;
}

void S3Publisher::remove_spooled(const S3Ticket& ticket) const {
  if (ticket.spool_file.empty()) return;
  const std::string path = spool_dir_ + "/" + ticket.spool_file;
  if (unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    throw file_error(errno, "removing", path);
  }
}

bool S3Publisher::is_ours(const S3Ticket& ticket) {
  const auto there = client_.head_object(ticket.key);
  return there && settle(ticket, *there) == PublishResult::kPublished;
}

/// After a write that the store confirmed. While it still carries out an earlier request of the
/// same kind, whose sender was killed, a store may have no object under the name for a moment.
PublishResult S3Publisher::verify(const S3Ticket& ticket) {
  auto there = client_.head_object(ticket.key);
  Retry retry(client_.clock(), client_.random(), client_.options().stop);
  while (!there && retry.again()) there = client_.head_object(ticket.key);
  const std::string name = client_.name_of(ticket.key);
  if (!there) {
    throw Error(ErrorCode::kUnavailable, "The store confirmed " + name + " but does not have it.",
                "It may still be at work on an earlier request; else run the sink again.");
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
  if (has_other_bytes(ticket, *there)) {
    throw Error(ErrorCode::kCorrupt,
                name + " has the checksum " + *there->checksum_crc32c +
                    " in the store, which is not that of the bytes that were written.",
                "Run it again; if it repeats, the store or the network changes data.");
  }
  return PublishResult::kPublished;
}

/// The condition failed. What stands under the name may be our own: the answer to an earlier try
/// was lost. Nothing there: another write was under way (409) and has come to nothing, so ours is
/// to be repeated, and nothing is returned.
std::optional<PublishResult> S3Publisher::refused(const S3Ticket& ticket, Retry& retry) {
  if (const auto there = client_.head_object(ticket.key)) return settle(ticket, *there);
  if (retry.again()) return std::nullopt;
  throw Error(ErrorCode::kConflict,
              "Another writer was changing " + client_.name_of(ticket.key) + " at this moment.",
              "Run it again.");
}

/// Checked here and not left to the store, which may know no checksum. Nothing if it is gone.
std::optional<S3Body> S3Publisher::spooled_body(const S3Ticket& ticket) const {
  S3Body body;
  body.file = spool_dir_ + "/" + ticket.spool_file;
  body.size = ticket.size;
  body.crc32c = ticket.crc32c;
  const std::optional<uint64_t> size = file_size(body.file);
  if (!size) return std::nullopt;
  if (*size != ticket.size || (ticket.crc32c && crc32c_of(body) != *ticket.crc32c)) {
    throw Error(ErrorCode::kCorrupt,
                "The spooled file " + body.file + " is not what was written to it.",
                "Check the disk, and that nothing else writes to the data folder.");
  }
  return body;
}

PublishResult S3Publisher::publish_put(const S3Ticket& ticket) {
  const std::optional<S3Body> body = spooled_body(ticket);
  if (!body) {
    if (is_ours(ticket)) return PublishResult::kPublished;
    throw gone(ticket,
               "its spooled file " + spool_dir_ + "/" + ticket.spool_file + " is not there");
  }
  S3ObjectOptions object{
      ticket.content_type, ticket.job_id,
      ticket.overwrite == Overwrite::kNever && client_.options().profile.conditional_put};
  Retry retry(client_.clock(), client_.random(), client_.options().stop);
  while (true) {
    const S3Written written = client_.put_object(ticket.key, *body, object);
    if (written == S3Written::kDone) return verify(ticket);
    if (written == S3Written::kUnsupported) {
      object.only_if_new = false;
    } else if (const auto result = refused(ticket, retry)) {
      return *result;
    }
  }
}

PublishResult S3Publisher::publish_upload(const S3Ticket& ticket) {
  bool only_if_new =
      ticket.overwrite == Overwrite::kNever && client_.options().profile.conditional_complete;
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

Error S3Publisher::gone(const S3Ticket& ticket, const std::string& why) const {
  return {ErrorCode::kConflict,
          client_.name_of(ticket.key) + " can't be published: " + why +
              ", and the name does not hold the object.",
          "Run the job again."};
}

}  // namespace sluice

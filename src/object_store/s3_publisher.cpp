#include "object_store/s3_publisher.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "object_store/file_error.h"

namespace sluice {
namespace {

/// How many bytes a file has; nothing if it is not there.
std::optional<uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw file_error(errno, "looking at", path);
}

}  // namespace

S3Publisher::S3Publisher(S3Client& client, std::string spool_dir)
    : client_(client), verdict_(client), spool_dir_(std::move(spool_dir)) {}

PublishResult S3Publisher::publish(const S3Ticket& ticket) {
  if (const auto settled = verdict_.before(ticket)) return *settled;
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
  const std::string why_gone =
      "its spooled file " + spool_dir_ + "/" + ticket.spool_file + " is not there";
  if (!body) return verdict_.gone(ticket, why_gone);
  const auto put = [&](bool only_if_new) {
    return client_.put_object(ticket.key, *body, {ticket.content_type, ticket.job_id, only_if_new});
  };
  return verdict_.write(ticket, client_.options().profile.conditional_put, put, why_gone);
}

PublishResult S3Publisher::publish_upload(const S3Ticket& ticket) {
  const auto complete = [&](bool only_if_new) {
    return client_.complete_upload(ticket.key, ticket.upload_id, ticket.parts, only_if_new);
  };
  return verdict_.write(ticket, client_.options().profile.conditional_complete, complete,
                        "its upload is gone; a lifecycle rule of the bucket may have aborted it");
}

}  // namespace sluice

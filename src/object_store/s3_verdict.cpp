#include "object_store/s3_verdict.h"

#include <vector>

#include "base/error.h"
#include "object_store/s3_crc32c.h"

namespace sluice {
namespace {

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

S3Verdict::S3Verdict(S3Client& client) : client_(client) {}

std::optional<PublishResult> S3Verdict::before(const S3Ticket& ticket) {
  if (!ticket.finished) {
    throw Error(ErrorCode::kInternal, ticket.key + " was to be published before it was finished.");
  }
  if (ticket.overwrite != Overwrite::kNever) return std::nullopt;
  const auto there = client_.head_object(ticket.key);
  if (!there) return std::nullopt;
  return settle(ticket, *there);
}

bool S3Verdict::is_ours(const S3Ticket& ticket) {
  const auto there = client_.head_object(ticket.key);
  return there && settle(ticket, *there) == PublishResult::kPublished;
}

/// After a write that the store confirmed. While it still carries out an earlier request of the
/// same kind, whose sender was killed, a store may have no object under the name for a moment.
PublishResult S3Verdict::verify(const S3Ticket& ticket) {
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
std::optional<PublishResult> S3Verdict::refused(const S3Ticket& ticket, Retry& retry) {
  if (const auto there = client_.head_object(ticket.key)) return settle(ticket, *there);
  if (retry.again()) return std::nullopt;
  throw Error(ErrorCode::kConflict,
              "Another writer was changing " + client_.name_of(ticket.key) + " at this moment.",
              "Run it again.");
}

/// The store answered a success without saying whether it is one.
std::optional<PublishResult> S3Verdict::unclear(const S3Ticket& ticket, Retry& retry) {
  if (is_ours(ticket)) return PublishResult::kPublished;
  if (retry.again()) return std::nullopt;
  throw Error(ErrorCode::kUnavailable, "The store does not say whether it has completed " +
                                           client_.name_of(ticket.key) + ".");
}

PublishResult S3Verdict::write(const S3Ticket& ticket, bool conditional, const Write& write,
                               const std::string& why_gone) {
  bool only_if_new = ticket.overwrite == Overwrite::kNever && conditional;
  Retry retry(client_.clock(), client_.random(), client_.options().stop);
  std::optional<PublishResult> result;
  while (!result) {
    switch (write(only_if_new)) {
      case S3Written::kDone:
        return verify(ticket);
      case S3Written::kGone:
        return gone(ticket, why_gone);
      case S3Written::kNameTaken:
        result = refused(ticket, retry);
        break;
      case S3Written::kUnsupported:
        only_if_new = false;
        break;
      case S3Written::kUnclear:
        result = unclear(ticket, retry);
        break;
    }
  }
  return *result;
}

PublishResult S3Verdict::gone(const S3Ticket& ticket, const std::string& why) {
  if (is_ours(ticket)) return PublishResult::kPublished;
  throw Error(ErrorCode::kConflict,
              client_.name_of(ticket.key) + " can't be published: " + why +
                  ", and the name does not hold the object.",
              "Run the job again.");
}

}  // namespace sluice

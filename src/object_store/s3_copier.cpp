#include "object_store/s3_copier.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "object_store/s3_leftovers.h"

namespace sluice {
namespace {

constexpr const char* kSourceGone = "the object it is to be copied from is not there";

}  // namespace

S3Copier::S3Copier(S3Client& client, S3Publisher& publisher, S3CopySizes sizes)
    : client_(client), publisher_(publisher), verdict_(client), sizes_(sizes) {}

PublishResult S3Copier::publish(const S3Ticket& ticket) {
  const auto settled = verdict_.before(ticket);
  if (settled == PublishResult::kNameTaken) return *settled;
  const PublishResult result = settled ? *settled : copy(ticket);
  // Also where it stood there already: the process may have died before it removed the source.
  if (result == PublishResult::kPublished) remove_source(ticket);
  return result;
}

PublishResult S3Copier::copy(const S3Ticket& ticket) {
  const auto source = client_.head_object(ticket.source);
  if (!source) return verdict_.gone(ticket, kSourceGone);
  if (source->size != ticket.size) {
    throw Error(ErrorCode::kCorrupt, client_.name_of(ticket.source) + " has " +
                                         std::to_string(source->size) + " bytes, not the " +
                                         std::to_string(ticket.size) + " that were written.");
  }
  return ticket.size <= sizes_.whole ? copy_whole(ticket, *source) : copy_in_parts(ticket);
}

PublishResult S3Copier::copy_whole(const S3Ticket& ticket, const ObjectInfo& source) {
  const auto copy = [&](bool only_if_new) {
    return client_.copy_object(source, ticket.key,
                               {ticket.content_type, ticket.job_id, only_if_new});
  };
  return verdict_.write(ticket, client_.options().profile.conditional_put, copy, kSourceGone);
}

PublishResult S3Copier::copy_in_parts(const S3Ticket& ticket) {
  abort_earlier(ticket);
  S3Ticket upload = ticket;
  upload.source.clear();
  // The store makes the parts itself, and not every one gives their checksums.
  upload.upload_id = client_.create_upload(
      ticket.key, {ticket.content_type, ticket.job_id, false, /*checksums=*/false});
  try {
    copy_parts(ticket.source, upload);
    const PublishResult result = publisher_.publish(upload);
    if (result == PublishResult::kNameTaken) abort(upload);
    return result;
  } catch (...) {
    abort(upload);
    throw;
  }
}

void S3Copier::copy_parts(const std::string& source, S3Ticket& upload) {
  const uint64_t least = (upload.size + limits::kParts - 1) / limits::kParts;
  const uint64_t step = std::max(sizes_.part, least);
  for (uint64_t offset = 0; offset < upload.size; offset += step) {
    const S3Range range{offset, std::min(step, upload.size - offset)};
    const int number = static_cast<int>(upload.parts.size()) + 1;
    upload.parts.push_back(client_.copy_part(source, range, upload.key, upload.upload_id, number));
    if (client_.options().on_part) client_.options().on_part();
  }
}

/// That of an attempt whose process died: nothing else knows of it. Its id is not known either, so
/// what is open under the very key is taken for it: only one sink writes to a name.
void S3Copier::abort_earlier(const S3Ticket& ticket) {
  best_effort([&] { abort_uploads_of(client_, ticket.key); });
}

void S3Copier::abort(const S3Ticket& upload) {
  best_effort([&] { client_.abort_upload(upload.key, upload.upload_id); });
}

/// The object stands where it should; the ticket of the source's folder removes what stays.
void S3Copier::remove_source(const S3Ticket& ticket) {
  best_effort([&] { client_.delete_object(ticket.source, S3Purpose::kCleanUp); });
}

void S3Copier::discard(const S3Ticket& ticket) {
  // Without a source it was published: what is open under its key is not ours.
  if (ticket.size > sizes_.whole && client_.head_object(ticket.source, S3Purpose::kCleanUp)) {
    abort_earlier(ticket);
  }
  client_.delete_object(ticket.source, S3Purpose::kCleanUp);
}

}  // namespace sluice

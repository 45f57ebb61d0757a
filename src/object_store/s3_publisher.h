#pragma once

#include <optional>
#include <string>

#include "object_store/object_store.h"
#include "object_store/retry.h"
#include "object_store/s3_client.h"
#include "object_store/s3_ticket.h"

namespace sluice {

/// Makes staged objects of the S3 store visible, and tells our own from another's where an answer
/// was lost. Thread-safe; `client` must outlive it.
class S3Publisher {
 public:
  S3Publisher(S3Client& client, std::string spool_dir);

  /// As ObjectStore::publish says.
  PublishResult publish(const S3Ticket& ticket);
  /// Removes the object's bytes from the spool; none there, no error.
  void remove_spooled(const S3Ticket& ticket) const;

 private:
  PublishResult publish_put(const S3Ticket& ticket);
  PublishResult publish_upload(const S3Ticket& ticket);
  std::optional<S3Body> spooled_body(const S3Ticket& ticket) const;
  PublishResult verify(const S3Ticket& ticket);
  bool is_ours(const S3Ticket& ticket);
  std::optional<PublishResult> refused(const S3Ticket& ticket, Retry& retry);
  Error gone(const S3Ticket& ticket, const std::string& why) const;

  S3Client& client_;
  const std::string spool_dir_;
};

}  // namespace sluice

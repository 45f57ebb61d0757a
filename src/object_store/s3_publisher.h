#pragma once

#include <optional>
#include <string>

#include "object_store/object_store.h"
#include "object_store/s3_client.h"
#include "object_store/s3_ticket.h"
#include "object_store/s3_verdict.h"

namespace sluice {

/// Makes staged objects of the S3 store visible, those in the spool and those in an upload.
/// Thread-safe; `client` must outlive it.
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

  S3Client& client_;
  S3Verdict verdict_;
  const std::string spool_dir_;
};

}  // namespace sluice

#pragma once

#include <optional>
#include <string>

#include "object_store/gcs_client.h"
#include "object_store/gcs_ticket.h"
#include "object_store/object_store.h"

namespace sluice {

/// Makes staged objects of the GCS store visible, and tells our own from another's where an answer
/// was lost. Thread-safe; `client` must outlive it.
class GcsPublisher {
 public:
  GcsPublisher(GcsClient& client, std::string spool_dir);

  /// As ObjectStore::publish says.
  PublishResult publish(const GcsTicket& ticket);
  /// Removes what the spool has of the object; nothing there, no error.
  void remove_spooled(const GcsTicket& ticket) const;

 private:
  GcsWritten insert(const GcsTicket& ticket, const S3Body& body);
  GcsWritten send_rest(const GcsTicket& ticket, const S3Body& body);
  std::optional<S3Body> spooled_body(const GcsTicket& ticket) const;
  PublishResult verify(const GcsTicket& ticket);
  bool is_ours(const GcsTicket& ticket);

  GcsClient& client_;
  const std::string spool_dir_;
};

}  // namespace sluice

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "object_store/object_store.h"
#include "object_store/retry.h"
#include "object_store/s3_client.h"
#include "object_store/s3_ticket.h"

namespace sluice {

/// Carries out the write that makes an object of the S3 store visible, and tells our own from
/// another's where an answer was lost. Throws as ObjectStore::publish says. Thread-safe; `client`
/// must outlive it.
class S3Verdict {
 public:
  /// Tries the write once, conditional or not.
  using Write = std::function<S3Written(bool only_if_new)>;

  explicit S3Verdict(S3Client& client);

  /// kInternal for a ticket that is not finished. For Overwrite::kNever what the object under the
  /// key is; nothing where there is none, or it may be replaced.
  std::optional<PublishResult> before(const S3Ticket& ticket);
  /// Writes until it is known how that ended, and checks what stands there then. `conditional`:
  /// whether the store knows conditions for such a write; `why_gone`: what it means if there is
  /// nothing any more to write.
  PublishResult write(const S3Ticket& ticket, bool conditional, const Write& write,
                      const std::string& why_gone);
  /// What was to be written is not there: it was published before, or kConflict.
  PublishResult gone(const S3Ticket& ticket, const std::string& why);

 private:
  bool is_ours(const S3Ticket& ticket);
  PublishResult verify(const S3Ticket& ticket);
  std::optional<PublishResult> refused(const S3Ticket& ticket, Retry& retry);
  std::optional<PublishResult> unclear(const S3Ticket& ticket, Retry& retry);

  S3Client& client_;
};

}  // namespace sluice

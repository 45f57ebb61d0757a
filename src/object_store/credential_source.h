#pragma once

#include <memory>
#include <stop_token>

#include "base/clock.h"
#include "object_store/refreshed.h"
#include "object_store/sigv4.h"

namespace sluice {

/// Where the keys that sign a request come from. Thread-safe.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// Keys that are good now. Throws kForbidden, kUnauthenticated, kUnavailable, kTimeout.
  virtual StoreCredentials get(const std::stop_token& stop) = 0;
  /// The store says that these have expired. True: `get` may give others now.
  virtual bool renew(const StoreCredentials& expired) = 0;
};

using IssuedCredentials = Refreshed<StoreCredentials>::Issued;
using IssueCredentials = Refreshed<StoreCredentials>::Issue;

/// Always these.
std::shared_ptr<CredentialSource> fixed_credentials(StoreCredentials credentials);
/// Those that `issue` gives, until they expire (refreshed.h). The clock must outlive it.
std::shared_ptr<CredentialSource> refreshed_credentials(IssueCredentials issue, Clock& clock);

}  // namespace sluice

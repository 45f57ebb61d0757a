#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"
#include "net/http_client.h"
#include "object_store/google_account.h"
#include "object_store/refreshed.h"

namespace sluice {

/// The signed assertion that is traded for a token (RFC 7523; developers.google.com/identity/
/// protocols/oauth2/service-account, "HTTP/REST"). Good for an hour from `now`.
std::string google_assertion(const GoogleAccount& account, Timestamp now);

/// Access tokens of a service account: cached, and refreshed before they expire. Thread-safe.
/// Throws kUnauthenticated (the account or its key is not known), kUnavailable, kTimeout.
class GoogleTokens {
 public:
  /// The clients must outlive it.
  GoogleTokens(GoogleAccount account, HttpClient& http, Clock& clock, Random& random);

  Secret get(const std::stop_token& stop) { return tokens_->get(stop); }
  /// The store refuses this one: `get` gets another.
  void renew(const Secret& refused);

 private:
  /// Shared, so that these can be moved.
  std::shared_ptr<Refreshed<Secret>> tokens_;
};

}  // namespace sluice

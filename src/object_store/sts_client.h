#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/credential_source.h"

namespace sluice {

struct AssumeRole {
  std::string role_arn;
  std::string session_name;  ///< Shows in the account's CloudTrail; 2 to 64 of `\w+=,.@-`.
  std::string external_id;   ///< Empty: none.
};

/// AWS Security Token Service, asked with the process's own keys (AWS STS API Reference). Calls are
/// repeated while an error may heal (retry.h). Throws kForbidden (the role can't be assumed),
/// kInvalid (its ARN is malformed), kUnauthenticated (our own keys are wrong or expired), and what
/// http_client.h says. Thread-safe.
class StsClient {
 public:
  struct Parts {
    HttpClient& http;
    Clock& clock;
    Random& random;
    std::shared_ptr<CredentialSource> own;
  };
  /// `endpoint` empty: AWS's own of the region. What `parts` refer to must outlive it.
  StsClient(Parts parts, const std::string& endpoint, std::string region);

  IssuedCredentials assume_role(const AssumeRole& role, const std::stop_token& stop) const;
  /// The ARN of who our own keys belong to.
  std::string caller_arn(const std::stop_token& stop) const;

 private:
  struct Reply {
    std::string body;
    std::chrono::microseconds ahead;  ///< STS's clock is ahead of ours by this; 0: it took ours.
  };

  Reply call(const std::string& body, const std::string& doing, const std::stop_token& stop) const;
  HttpRequest signed_request(const std::string& body, const StoreCredentials& keys,
                             Timestamp now) const;

  Parts parts_;
  std::string origin_;
  std::string host_;
  std::string region_;
};

}  // namespace sluice

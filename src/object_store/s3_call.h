#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/credential_source.h"
#include "object_store/provider_profile.h"
#include "object_store/s3_address.h"
#include "object_store/s3_body.h"
#include "object_store/s3_fault.h"
#include "object_store/sigv4.h"

namespace sluice {

/// What every object is created with; empty: not said, so as the bucket has it.
struct S3ObjectSettings {
  std::string server_side_encryption;  ///< `AES256`, `aws:kms`.
  std::string kms_key_id;
  std::string storage_class;
  std::string acl;
};

/// One bucket at one S3-compatible store.
struct S3Options {
  /// `http://host:port` or `https://host`; without a scheme https is meant. Empty: AWS, by region.
  std::string endpoint;
  std::string region = "us-east-1";
  std::string bucket;
  /// Bucket in the path instead of in the host name. Chosen anyway where a host name can't hold it:
  /// an endpoint that is an IP address or `localhost`, a bucket with dots over https, or one whose
  /// name is no DNS label.
  bool path_style = false;
  /// Who signs; must not be null.
  std::shared_ptr<CredentialSource> credentials;
  S3ObjectSettings objects = {};
  /// What the store takes.
  ProviderProfile profile = provider_profile("generic");
  /// Ends every call but aborts with kCancelled.
  std::stop_token stop;
};

/// One call of the S3 API, before it is signed.
struct S3Call {
  std::string doing;  ///< For messages: "writing s3://bucket/key".
  std::string method;
  std::optional<std::string> key;  ///< None: the call is about the bucket.
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<HttpHeader> headers = {};
  S3Body body = {};
  /// Sign `UNSIGNED-PAYLOAD` in place of the body's SHA-256: only where a checksum of it is sent in
  /// another header, over TLS.
  bool unsigned_payload = false;
  std::stop_token stop = {};
  std::chrono::seconds timeout{300};
  std::chrono::seconds stalled = limits::kStalledTransfer;
  int attempts = limits::kStoreAttempts;
  bool patient = true;  ///< A store that throttles is asked again until the budget ends (retry.h).
  /// Whether a 2xx answer holds what it must.
  std::function<bool(const HttpResponse&)> whole = nullptr;
  /// Whether the checksums of a 2xx answer are those of the body.
  std::function<bool(const HttpResponse&)> same_bytes = nullptr;
  /// Hand a success without a whole answer to the caller instead of repeating the call.
  bool report_unclear = false;
};

struct S3Answer {
  HttpResponse response;
  std::optional<S3Fault> fault;  ///< Nothing: a success, whole, of the same bytes.
};

/// Signs and sends calls, and repeats them while what fails may heal (retry.h), or once where the
/// keys have expired and there are new ones. Thread-safe. Throws
/// what http_client.h says, kStorage for a body that can't be read, kCancelled when stopped.
class S3Exchange {
 public:
  /// The clients must outlive it. A malformed endpoint is kInvalid.
  S3Exchange(S3Options options, HttpClient& http, Clock& clock, Random& random);

  S3Answer send(const S3Call& call) const;
  /// The error of a call that ended with a fault.
  [[noreturn]] void fail(const S3Call& call, const S3Fault& fault) const;

  const S3Options& options() const { return options_; }
  bool tls() const { return address_.origin.starts_with("https://"); }
  Clock& clock() const { return clock_; }
  Random& random() const { return random_; }

 private:
  HttpRequest signed_request(const S3Call& call, const std::string& payload_hash,
                             const StoreCredentials& keys) const;
  StoreCredentials keys_for(const S3Call& call) const;
  S3Answer judge(const S3Call& call, HttpResponse response) const;

  S3Options options_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
  S3Address address_;
};

}  // namespace sluice

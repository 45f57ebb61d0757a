#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
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
  std::string scheme = "s3";  ///< Of the names in messages.
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
  std::function<void()> on_part = nullptr;  ///< See StoreUse.
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
/// keys have expired and there are new ones, where the store says that the bucket is in another
/// region, and where it says that our clock is wrong: it learns both for later calls. Thread-safe.
/// Throws what http_client.h says, kStorage for a body that can't be read, kCancelled when stopped.
class S3Exchange {
 public:
  /// The clients must outlive it. A malformed endpoint is kInvalid.
  S3Exchange(S3Options options, HttpClient& http, Clock& clock, Random& random);

  S3Answer send(const S3Call& call) const;
  /// The error of a call that ended with a fault.
  [[noreturn]] void fail(const S3Call& call, const S3Fault& fault) const;

  /// Where the bucket is, as far as is known, without a slash at the end.
  std::string bucket_url() const;

  const S3Options& options() const { return options_; }
  bool tls() const { return tls_; }
  Clock& clock() const { return clock_; }
  Random& random() const { return random_; }

 private:
  /// Where the bucket is, as far as is known.
  struct Place {
    std::string region;
    S3Address address;
  };

  HttpRequest signed_request(const S3Call& call, const std::string& payload_hash,
                             const StoreCredentials& keys, const Place& place) const;
  Place place() const;
  bool move(const S3Fault& fault, const Place& tried) const;
  bool correct_clock(const S3Call& call, const S3Answer& answer) const;
  Timestamp store_time() const { return clock_.now() + ahead_.load(); }
  StoreCredentials keys_for(const S3Call& call) const;
  S3Answer judge(const S3Call& call, HttpResponse response) const;

  S3Options options_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
  const bool tls_;
  mutable std::mutex mutex_;
  mutable Place place_;
  /// The store's clock is so much ahead of ours; 0 while it has not complained.
  mutable std::atomic<std::chrono::microseconds> ahead_{std::chrono::microseconds(0)};
};

}  // namespace sluice

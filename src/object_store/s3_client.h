#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/object_store.h"
#include "object_store/s3_address.h"
#include "object_store/s3_fault.h"
#include "object_store/s3_xml.h"
#include "object_store/sigv4.h"

namespace sluice {

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
  StoreCredentials credentials;
  /// Whether a part's plain ETag is its MD5 and is compared (true of S3 but for directory buckets).
  bool etag_is_md5 = true;
  /// Ends every call but aborts with kCancelled.
  std::stop_token stop;
};

/// Bytes of one request: memory, or `size` bytes of `file` from `offset`.
struct S3Body {
  std::string_view memory;
  std::string file;
  uint64_t offset = 0;
  uint64_t size = 0;
  std::string sha256;  ///< Lower-case hex over exactly these bytes.
};

/// Set on an object when it is created.
struct S3ObjectOptions {
  std::string content_type;
  std::string job_id;        ///< Becomes `x-amz-meta-sluice-job`.
  bool only_if_new = false;  ///< `If-None-Match: *`; only `put_object` looks at it.
};

/// How a write that may be conditional ended, short of an error.
enum class S3Written {
  kDone,
  kNameTaken,    ///< 412 or 409: another object is or comes under the name; perhaps our own.
  kUnsupported,  ///< 501: the store knows no conditional writes.
  kNoUpload,     ///< The upload is not there: aborted, or completed before. `complete_upload` only.
  kUnclear,  ///< A success without a whole answer. `complete_upload` only: look before repeating.
};

/// The S3 calls Sluice needs (Amazon S3 API Reference), signed, checked, and repeated while an
/// error may heal (retry.h). Thread-safe. Throws as object_store.h says; messages name the
/// provider's code and what to check, never a key or a signature.
class S3Client {
 public:
  /// `http`, `clock` and `random` must outlive the client. A malformed endpoint is kInvalid.
  S3Client(S3Options options, HttpClient& http, Clock& clock, Random& random);

  S3Written put_object(const std::string& key, const S3Body& body, const S3ObjectOptions& object);

  std::string create_upload(const std::string& key, const S3ObjectOptions& object);
  /// Returns the part's ETag. kCorrupt if the store's MD5 of the part is not that of the bytes.
  std::string upload_part(const std::string& key, const std::string& upload_id, int number,
                          const S3Body& body);
  S3Written complete_upload(const std::string& key, const std::string& upload_id,
                            const std::vector<s3_xml::Part>& parts, bool only_if_new);
  /// An upload that is gone is no error. Not ended by the stop token: a cancelled job cleans up.
  void abort_upload(const std::string& key, const std::string& upload_id);

  /// Nothing if there is no such object (S3 does not tell here whether the bucket exists).
  std::optional<ObjectInfo> head_object(const std::string& key);
  /// One page, in key order, from the page before's `next` (empty: from the start).
  s3_xml::ObjectPage list_objects(const std::string& prefix, const std::string& next);
  s3_xml::UploadPage list_uploads(const std::string& prefix, const s3_xml::UploadPage& before);

  /// `s3://bucket/key`, for messages.
  std::string name_of(const std::string& key) const;
  const S3Options& options() const { return options_; }
  Clock& clock() { return clock_; }
  Random& random() { return random_; }

 private:
  struct Call;
  struct Answer;

  Answer exchange(const Call& call);
  HttpRequest signed_request(const Call& call) const;
  [[noreturn]] void fail(const Call& call, const S3Fault& fault) const;
  void check_part(const Call& call, const HttpResponse& response, const std::string& etag) const;

  S3Options options_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
  S3Address address_;
};

}  // namespace sluice

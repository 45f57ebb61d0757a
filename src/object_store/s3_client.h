#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/object_store.h"
#include "object_store/s3_body.h"
#include "object_store/s3_call.h"
#include "object_store/s3_checksums.h"
#include "object_store/s3_xml.h"

namespace sluice {

/// Set on an object when it is created.
struct S3ObjectOptions {
  std::string content_type;
  std::string job_id;        ///< Becomes `x-amz-meta-sluice-job`.
  bool only_if_new = false;  ///< `If-None-Match: *`; `create_upload` does not look at it.
  bool checksums = true;     ///< `create_upload` only: the parts come with their CRC-32C.
};

/// How a write that may be conditional ended, short of an error.
enum class S3Written {
  kDone,
  kNameTaken,    ///< 412 or 409: another object is or comes under the name; perhaps our own.
  kUnsupported,  ///< 501 (for a copy also 400): the store knows no such conditional writes.
  kGone,         ///< The upload is not there: aborted, or completed before; or a copy's source.
  kUnclear,  ///< A success without a whole answer. `complete_upload` only: look before repeating.
};

/// Whether a call serves the work, or cleans up after it: then it is not ended by the stop token,
/// since a cancelled job cleans up, and is given up sooner.
enum class S3Purpose { kWork, kCleanUp };

/// Bytes of an object.
struct S3Range {
  uint64_t offset = 0;
  uint64_t size = 0;
};

/// The S3 calls Sluice needs (Amazon S3 API Reference), signed, checked, and repeated while an
/// error may heal (retry.h); so is a write whose answer has the checksum of other bytes (in the end
/// kCorrupt). Thread-safe. Throws as object_store.h says; messages name the provider's code and
/// what to check, never a key or a signature.
class S3Client {
 public:
  /// `http`, `clock` and `random` must outlive the client. A malformed endpoint is kInvalid.
  S3Client(S3Options options, HttpClient& http, Clock& clock, Random& random);

  S3Written put_object(const std::string& key, const S3Body& body, const S3ObjectOptions& object);

  std::string create_upload(const std::string& key, const S3ObjectOptions& object);
  /// Ends with kCancelled by `stop` only, not by the client's own token.
  s3_xml::Part upload_part(const std::string& key, const std::string& upload_id, int number,
                           const S3Body& body, std::stop_token stop);
  S3Written complete_upload(const std::string& key, const std::string& upload_id,
                            const std::vector<s3_xml::Part>& parts, bool only_if_new);
  /// An upload that is gone is no error. It is a clean-up.
  void abort_upload(const std::string& key, const std::string& upload_id);

  /// Copies an object of the bucket, whole, with metadata of its own. `source` as `head_object`
  /// gave it: the answer is compared with what is known of its bytes.
  S3Written copy_object(const ObjectInfo& source, const std::string& key,
                        const S3ObjectOptions& object);
  /// Copies a piece of an object of the bucket as a part of an upload of `key`.
  s3_xml::Part copy_part(const std::string& source, const S3Range& range, const std::string& key,
                         const std::string& upload_id, int number);

  /// Nothing if there is no such object (S3 does not tell here whether the bucket exists).
  std::optional<ObjectInfo> head_object(const std::string& key,
                                        S3Purpose purpose = S3Purpose::kWork);
  /// An object that is gone is no error.
  void delete_object(const std::string& key, S3Purpose purpose = S3Purpose::kWork);
  /// As ObjectStore::read says.
  std::string read_object(const std::string& key, uint64_t offset, uint64_t size);
  /// One page, in key order, from the page before's `next` (empty: from the start).
  s3_xml::ObjectPage list_objects(const std::string& prefix, const std::string& next,
                                  S3Purpose purpose = S3Purpose::kWork);
  s3_xml::UploadPage list_uploads(const std::string& prefix, const s3_xml::UploadPage& before,
                                  S3Purpose purpose = S3Purpose::kWork);
  /// As ObjectStore::access says.
  StoreAccess access();

  /// `s3://bucket/key`, for messages.
  std::string name_of(const std::string& key) const;
  const S3Options& options() const { return exchange_.options(); }
  Clock& clock() { return exchange_.clock(); }
  Random& random() { return exchange_.random(); }

 private:
  /// The call about an object, with the client's stop token where it serves the work.
  S3Call call_for(const std::string& doing, const char* method, const std::string& key,
                  S3Purpose purpose = S3Purpose::kWork) const;
  /// The call that copies `size` bytes of `source` to `key`.
  S3Call copy_call(const std::string& source, uint64_t size, const std::string& key) const;

  S3Exchange exchange_;
  S3Checksums checksums_;
};

}  // namespace sluice

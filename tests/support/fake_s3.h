#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.h"
#include "object_store/sigv4.h"

namespace sluice {

/// What goes wrong with one call of FakeS3.
struct S3FaultPlan {
  enum class Kind {
    kAnswer,         ///< Answers `status` with an <Error> of `code`; nothing is done.
    kResetBefore,    ///< The connection breaks; nothing is done.
    kResetAfter,     ///< The connection breaks after the call was carried out: its answer is lost.
    kErrorIn200,     ///< Answers 200 with an <Error> of `code`; nothing is done.
    kCutAnswer,      ///< Carries it out, and sends the first half of the body.
    kEmptyAnswer,    ///< Carries it out, and sends no body.
    kWrongEtag,      ///< Carries it out, and answers with the ETag of other bytes, no checksum.
    kWrongChecksum,  ///< Carries it out, and answers with the CRC-32C of other bytes.
    kLosePart,       ///< Carries it out, and forgets the part. UploadPart, UploadPartCopy.
  };
  Kind kind = Kind::kAnswer;
  int status = 500;
  std::string code = "InternalError";
  std::vector<HttpHeader> headers = {};
};

/// An S3 store in memory, reached as an HttpClient: path-style addresses, one bucket. It checks
/// signatures and payload hashes by computing them again. Thread-safe. Operations have the names of
/// the S3 API: PutObject, GetObject, HeadObject, ListObjectsV2, CopyObject, CreateMultipartUpload,
/// UploadPart, UploadPartCopy, CompleteMultipartUpload, AbortMultipartUpload, ListMultipartUploads.
class FakeS3 final : public HttpClient {
 public:
  /// How the store takes `If-None-Match: *`.
  enum class Conditions { kHonoured, kRefused, kIgnored };
  /// How it takes CRC-32C checksums.
  enum class Checksums { kTaken, kRefused, kIgnored };

  struct Object {
    std::string bytes;
    std::string etag;
    std::string content_type;
    std::string job_id;
    std::string crc32c = {};  ///< As HEAD gives it; empty: none.
  };
  struct Upload {
    std::string key;
    std::string content_type;
    std::string job_id;
    bool checksums = false;  ///< Begun with an algorithm: every part must have a checksum.
    std::map<int, std::string> parts;
  };

  FakeS3(std::string bucket, StoreCredentials credentials);

  HttpResponse send(const HttpRequest& request) override;

  /// The next `times` calls of that operation fail so, in the order they were planned.
  void plan(const std::string& operation, S3FaultPlan fault, int times = 1);
  void clear_plans();
  /// Called at the start of each call, before anything else, outside the lock.
  std::function<void(const std::string& operation)> on_call = nullptr;

  void set_conditions(Conditions conditions) { conditions_ = conditions; }
  void set_checksums(Checksums checksums) { checksums_ = checksums; }
  /// All parts but the last must have one size, as on R2.
  void set_equal_parts(bool equal) { equal_parts_ = equal; }
  /// Whether GetObject knows ranges.
  void set_ranges(bool ranges) { ranges_ = ranges; }
  /// CopyObject takes no larger source; with S3 it is 5 GiB.
  void set_copy_limit(size_t size) { copy_limit_ = size; }
  void set_page_size(size_t size) { page_size_ = size; }
  /// A MinIO-like server's region: requests signed for another one are refused.
  void set_region(std::string region) { region_ = std::move(region); }

  int calls(const std::string& operation) const;
  std::map<std::string, Object> objects() const;
  std::map<std::string, Upload> uploads() const;
  void put(const std::string& key, Object object);
  void remove(const std::string& key);
  void remove_uploads();

 private:
  struct Parsed;

  HttpResponse act(const Parsed& call);
  HttpResponse put_object(const Parsed& call);
  HttpResponse copy_object(const Parsed& call);
  HttpResponse copy_part(const Parsed& call);
  const Object* source_of(const Parsed& call) const;
  HttpResponse create_upload(const Parsed& call);
  HttpResponse upload_part(const Parsed& call);
  HttpResponse complete_upload(const Parsed& call);
  HttpResponse written(const Parsed& call) const;
  HttpResponse head_object(const Parsed& call) const;
  HttpResponse get_object(const Parsed& call) const;
  HttpResponse list_objects(const Parsed& call) const;
  HttpResponse list_uploads(const Parsed& call) const;
  std::optional<HttpResponse> refuse(const Parsed& call) const;
  std::optional<HttpResponse> check_condition(const Parsed& call) const;
  std::optional<HttpResponse> check_checksum(const Parsed& call) const;
  std::string kept_checksum(const Parsed& call) const;

  const std::string bucket_;
  const StoreCredentials credentials_;
  Conditions conditions_ = Conditions::kHonoured;
  Checksums checksums_ = Checksums::kTaken;
  bool equal_parts_ = false;
  bool ranges_ = true;
  size_t copy_limit_ = 5ULL << 30U;
  size_t page_size_ = 1000;
  std::string region_ = "us-east-1";
  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;
  std::map<std::string, std::vector<S3FaultPlan>> plans_;
  std::map<std::string, int> calls_;
  int next_upload_ = 1;
};

}  // namespace sluice

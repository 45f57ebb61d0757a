#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/gcs_fault.h"
#include "object_store/google_token.h"
#include "object_store/object_store.h"
#include "object_store/s3_body.h"

namespace sluice {

/// One bucket of Google Cloud Storage.
struct GcsOptions {
  std::string endpoint;  ///< Empty: Google's own.
  std::string bucket;
  /// Ends every call but aborts with kCancelled.
  std::stop_token stop;
};

/// Set on an object when it is created.
struct GcsObjectOptions {
  std::string content_type;
  std::string job_id;                   ///< Becomes the metadata `sluice-job`.
  bool only_if_new = false;             ///< `ifGenerationMatch=0`.
  std::optional<uint32_t> crc32c = {};  ///< Of all bytes, where it is known before.
};

/// How a write ended, short of an error.
enum class GcsWritten {
  kDone,
  kNameTaken,  ///< 412: another object has the name; perhaps our own.
  kNoUpload,   ///< The upload is not there: aborted, expired, or ended with kNameTaken before.
};

/// How far an upload has come.
struct GcsProgress {
  bool complete = false;   ///< The object stands under its name.
  uint64_t persisted = 0;  ///< Bytes from the start that the store has; while not complete.
};

struct GcsPage {
  std::vector<ObjectInfo> objects;
  std::string next;  ///< Empty on the last page.
};

/// The calls of the Cloud Storage JSON API that Sluice needs (cloud.google.com/storage/docs/
/// json_api/v1), with a token, repeated while an error may heal (retry.h). Uploads are resumable
/// ones (cloud.google.com/storage/docs/performing-resumable-uploads): a session that takes chunks
/// in order, and whose object appears with the last of them. Thread-safe. Throws as object_store.h
/// says.
class GcsClient {
 public:
  /// What it is given must outlive it. A malformed endpoint is kInvalid.
  GcsClient(GcsOptions options, GoogleTokens tokens, HttpClient& http, Clock& clock,
            Random& random);

  /// A whole object in one request.
  GcsWritten insert(const std::string& key, std::string_view bytes, const GcsObjectOptions& object);
  /// Begins an upload; returns its id.
  std::string begin_upload(const std::string& key, const GcsObjectOptions& object);
  /// Nothing if there is no such upload.
  std::optional<GcsProgress> progress(const std::string& key, const std::string& upload_id);
  /// Sends bytes whose first has this offset in the object; all but the last chunk have a multiple
  /// of kGcsChunkUnit bytes. `total` goes with the last one: the object appears. What the store has
  /// already, of an earlier try, is not sent again.
  GcsWritten send_chunk(const std::string& key, const std::string& upload_id, const S3Body& chunk,
                        uint64_t offset, std::optional<uint64_t> total);
  /// An upload that is gone is no error. Not ended by the stop token.
  void abort_upload(const std::string& key, const std::string& upload_id);

  std::optional<ObjectInfo> head(const std::string& key);
  /// An object that is gone is no error.
  void remove(const std::string& key);
  /// As ObjectStore::read says.
  std::string read(const std::string& key, uint64_t offset, uint64_t size);
  GcsPage list(const std::string& prefix, const std::string& next);

  /// `gs://bucket/key`, for messages.
  std::string name_of(const std::string& key) const;
  const GcsOptions& options() const { return options_; }
  Clock& clock() { return clock_; }
  Random& random() { return random_; }

 private:
  struct Call {
    std::string doing;
    std::string method;
    std::string target;  ///< Path and query.
    std::vector<HttpHeader> headers = {};
    S3Body body = {};
    std::stop_token stop = {};
    std::chrono::seconds timeout{300};
    int attempts = limits::kStoreAttempts;
  };
  struct Answer {
    HttpResponse response;
    std::optional<GcsFault> fault = std::nullopt;
  };

  Answer send(const Call& call);
  Answer send_once(const Call& call);
  Answer judge(HttpResponse response) const;
  Call call_for(const std::string& doing, const char* method, const std::string& key,
                std::string target) const;
  Call session_call(const std::string& doing, const char* method, const std::string& key,
                    const std::string& upload_id) const;
  std::string object_path(const std::string& key) const;

  GcsOptions options_;
  GoogleTokens tokens_;
  HttpClient& http_;
  Clock& clock_;
  Random& random_;
  std::string origin_;
};

/// Google: chunks are multiples of 256 KiB.
inline constexpr uint64_t kGcsChunkUnit = 256 * 1024;

}  // namespace sluice

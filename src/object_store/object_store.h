#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "data/byte_sink.h"

namespace sluice {

/// What a store says of one stored object.
struct ObjectInfo {
  std::string key;
  uint64_t size = 0;
  std::string etag;    ///< Without quotes; empty where the store has none.
  std::string job_id;  ///< The `sluice-job` metadata the object was staged with; `head` only.
  /// CRC-32C as the store gives it, `head` only: base64, and for an S3 object made of parts that of
  /// the parts' checksums, `-` and their number (crc32c.h). Nothing where the store has none.
  std::optional<std::string> checksum_crc32c = std::nullopt;
  std::string md5 = {};  ///< `head` only: lower-case hex, where the ETag is known to be it.
};

/// Whether an object may take the place of one with the same key.
enum class Overwrite { kReplace, kNever };

/// What `ObjectStore::publish` found.
enum class PublishResult {
  kPublished,  ///< The object stands under its key, now or already before (the same job's).
  kNameTaken,  ///< `kNever` and another object has the key; nothing was changed.
};

/// All that is needed to publish or discard a staged object later, also in another process. Plain
/// text (JSON), without secrets; written to the job's journal.
struct StageTicket {
  std::string text;
};

/// One object being written, invisible to every reader of the store until it is published.
/// `write` and `finish` as ByteSink says; `finish` returns once every byte is in the store or in
/// the spool, which outlives the process; for a power failure see ObjectStore::sync. Destroyed
/// without `finish`: whatever was staged is removed, best effort.
class StagedObject : public ByteSink {
 public:
  /// Only after `finish`.
  virtual StageTicket ticket() const = 0;
  virtual const std::string& key() const = 0;
  /// Bytes written so far.
  virtual uint64_t size() const = 0;
};

struct StageOptions {
  /// Letters, digits, `-` and `_`: it also names the folder that the job's local files are staged
  /// in.
  std::string job_id;
  std::string content_type = "application/octet-stream";
  Overwrite overwrite = Overwrite::kReplace;
  /// Called by the thread that writes when something comes to be at the store that the death of
  /// this process would leave there (S3: a multipart upload): once before, and once after with what
  /// is known of it then. Each ticket takes the place of the one before and is good for `discard`
  /// only: journal it, so that a restart can. May throw; the write fails then and the upload is
  /// aborted.
  std::function<void(const StageTicket&)> on_remote_begin = nullptr;
};

/// Something at the store that was begun and neither published nor discarded.
struct UnfinishedUpload {
  std::string key;
  StageTicket ticket;  ///< Good for `discard`.
};

/// How another party may write to the same place: what ClickHouse's `s3()` takes.
struct StoreAccess {
  std::string url;  ///< Of the bucket, no slash at the end: `https://host/bucket` or in the host.
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;  ///< Empty but for temporary credentials.
};

/// Objects in one place: a bucket, or a folder. Keys are UTF-8 of at most limits::kKeyBytes and are
/// used byte for byte. Thread-safe, except that one StagedObject belongs to one thread. Every call
/// has a deadline and throws `Error`: kUnauthenticated, kForbidden, kNotFound (bucket),
/// kUnavailable (unreachable, throttled, 5xx: after retries), kTimeout, kStorage (local disk or
/// spool), kCorrupt, kCancelled (the stop token given at opening).
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Begins an object. Nothing is visible before `publish`.
  virtual std::unique_ptr<StagedObject> stage(const std::string& key,
                                              const StageOptions& options) = 0;
  /// Makes a finished object visible, whole, under its key, and checks that it stands there with
  /// its size and, where the store tells it, its checksum (else kCorrupt). Different objects may be
  /// published by many threads at a time. Idempotent: repeating it after a crash, or after the
  /// answer was lost, is kPublished again. kConflict: what was staged is gone and the key does not
  /// hold it.
  virtual PublishResult publish(const StageTicket& ticket) = 0;
  /// What was finished or published before is safe from a power failure when this returns. Nothing
  /// to do for what a store across the network has.
  virtual void sync() = 0;
  /// The ticket of the same finished object under another key; it takes the place of `ticket`.
  /// Nothing where what is staged is bound to its key (S3: a multipart upload).
  virtual std::optional<StageTicket> rename(const StageTicket& /*ticket*/,
                                            const std::string& /*key*/) {
    return std::nullopt;
  }
  /// Nothing where only Sluice can write (all but S3).
  virtual std::optional<StoreAccess> access() { return std::nullopt; }
  /// Objects that another party writes under this prefix, which ends with `/` (else kInvalid),
  /// belong to a job: `discard` of the ticket removes all that is there then, and what was begun
  /// there. For the journal, before that party begins. Nothing where `access` gives nothing.
  virtual std::optional<StageTicket> claim_folder(const std::string& /*prefix*/) {
    return std::nullopt;
  }
  /// A visible object of `size` bytes that another party has written, as one that is staged for
  /// `key`, which must be another (else kInvalid): `publish` copies it there within the store and
  /// removes the source, `discard` removes the source. Where the source can't be removed after the
  /// copy, it stays for the ticket of its folder. Nothing where `access` gives nothing.
  virtual std::optional<StageTicket> adopt(const std::string& /*source*/, uint64_t /*size*/,
                                           const std::string& /*key*/,
                                           const StageOptions& /*options*/) {
    return std::nullopt;
  }
  /// Removes what is staged. A ticket that was published or discarded before is no error. Works
  /// also after the stop token was used.
  virtual void discard(const StageTicket& ticket) = 0;
  /// Removes the folder that a job's objects are staged in on the local disk, with what is in it;
  /// to be called when the job has ended, and before a new attempt after a restart. Staged objects
  /// of this job must not be in use. No folder, no error.
  virtual void remove_staging(const std::string& job_id) = 0;
  /// What was begun under the prefix, by whomever, and is still open at the store (S3:
  /// ListMultipartUploads; a local store has none). Which of it is nobody's, the journal knows.
  virtual std::vector<UnfinishedUpload> unfinished(const std::string& prefix) = 0;

  virtual std::optional<ObjectInfo> head(const std::string& key) = 0;
  /// Exactly `size` bytes of a visible object, from `offset`; at most limits::kResponseBytes at a
  /// time (else kInvalid). kNotFound: no such object. kCorrupt: it ends before, so it is not the
  /// one whose size the caller knows.
  virtual std::string read(const std::string& key, uint64_t offset, uint64_t size) = 0;
  /// Every object whose key starts with `prefix`, in key order; stops when `each` says false.
  virtual void list(const std::string& prefix,
                    const std::function<bool(const ObjectInfo&)>& each) = 0;
  /// Deletes a visible object; none there, no error. kForbidden without the right to delete, also
  /// where there is no such object.
  virtual void remove(const std::string& key) = 0;
  /// Checks that the place exists and can be written to, leaving nothing behind and needing no
  /// right to delete (S3: a multipart upload is created and aborted under `prefix`).
  virtual void probe(const std::string& prefix) = 0;
};

}  // namespace sluice

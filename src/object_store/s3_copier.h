#pragma once

#include <cstdint>
#include <string>

#include "object_store/object_store.h"
#include "object_store/s3_client.h"
#include "object_store/s3_publisher.h"
#include "object_store/s3_ticket.h"
#include "object_store/s3_verdict.h"

namespace sluice {

/// How much the store copies with one call (Amazon S3 API Reference, CopyObject: 5 GiB at most;
/// UploadPartCopy: so, too, and 10,000 parts).
struct S3CopySizes {
  uint64_t whole = 5ULL << 30U;  ///< A larger object is copied in parts.
  uint64_t part = 1ULL << 30U;   ///< More where these would be too many.
};

/// Publishes objects that another party has written to the bucket: copies them to their keys within
/// the store. Thread-safe; `client` and `publisher` must outlive it.
class S3Copier {
 public:
  S3Copier(S3Client& client, S3Publisher& publisher, S3CopySizes sizes);

  /// As ObjectStore::publish says. The source is removed then; where that fails it stays.
  PublishResult publish(const S3Ticket& ticket);
  /// Removes the source, and what an attempt to publish it has left. Not ended by the stop token.
  void discard(const S3Ticket& ticket);

 private:
  PublishResult copy(const S3Ticket& ticket);
  PublishResult copy_whole(const S3Ticket& ticket, const ObjectInfo& source);
  PublishResult copy_in_parts(const S3Ticket& ticket);
  void copy_parts(const std::string& source, S3Ticket& upload);
  void abort_earlier(const S3Ticket& ticket);
  void abort(const S3Ticket& upload);
  void remove_source(const S3Ticket& ticket);

  S3Client& client_;
  S3Publisher& publisher_;
  S3Verdict verdict_;
  const S3CopySizes sizes_;
};

}  // namespace sluice

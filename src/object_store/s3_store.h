#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/object_store.h"
#include "object_store/s3_client.h"
#include "object_store/s3_copier.h"

namespace sluice {

struct S3StoreOptions {
  S3Options s3;
  /// Where bytes wait for their upload; made when missing. Each job has a folder in it.
  std::string spool_dir;
  /// Threads that upload parts, for all objects of the store together. They start with the first
  /// part; each holds an upload buffer of 2 MiB while it sends. As many parts again may wait on the
  /// disk, beside the one that each object is filling: so little memory and disk is bounded by it.
  size_t uploaders = 4;
  /// Size of the first part; 0: as the provider's profile says (s3_part_bytes).
  uint64_t first_part_bytes = 0;
  /// Of objects that are adopted; other sizes are for tests.
  S3CopySizes copies = {};
};

/// Objects in an S3 bucket. An object is spooled to disk; once a part is full a multipart upload is
/// begun and the part is sent in the background, so a large object is in the store, invisible, when
/// it is finished. An object smaller than a part stays in the spool and is PUT by `publish`.
///
/// Overwrite::kNever: `publish` looks first, which is right wherever nobody else writes at that
/// moment, then writes with `If-None-Match: *`, which closes the gap. A store whose profile knows
/// no condition, or that refuses it with 501, gets the plain write, one that ignores it (many do
/// for the copy of an adopted object) acts so by itself: on these, two writers of one key in the
/// same moment can overwrite each other.
///
/// `http`, `clock` and `random` must outlive the store, and the store its staged objects.
std::unique_ptr<ObjectStore> make_s3_store(S3StoreOptions options, HttpClient& http, Clock& clock,
                                           Random& random);

}  // namespace sluice

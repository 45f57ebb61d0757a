#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/object_store.h"
#include "object_store/s3_client.h"

namespace sluice {

struct S3StoreOptions {
  S3Options s3;
  /// Where bytes wait for their upload; made when missing. Each job has a folder in it.
  std::string spool_dir;
};

/// Objects in an S3 bucket. An object is spooled to disk; once a part is full a multipart upload is
/// begun and the part is sent, so a large object is in the store, invisible, when it is finished.
/// An object smaller than a part stays in the spool and is PUT by `publish`.
///
/// Overwrite::kNever: `publish` looks first, which is right wherever nobody else writes at that
/// moment, then writes with `If-None-Match: *`, which closes the gap. A store that refuses the
/// condition with 501 gets the plain write, one that ignores it acts so by itself: on these, two
/// writers of one key in the same moment can overwrite each other.
///
/// `http`, `clock` and `random` must outlive the store.
std::unique_ptr<ObjectStore> make_s3_store(S3StoreOptions options, HttpClient& http, Clock& clock,
                                           Random& random);

}  // namespace sluice

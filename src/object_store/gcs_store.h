#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "net/http_client.h"
#include "object_store/gcs_client.h"
#include "object_store/google_token.h"
#include "object_store/object_store.h"

namespace sluice {

struct GcsStoreOptions {
  GcsOptions gcs;
  /// Where bytes wait for their upload; made when missing. Each job has a folder in it.
  std::string spool_dir;
};

/// Objects in a bucket of Google Cloud Storage, by a service account and the JSON API. What a chunk
/// holds stays in the spool and is written whole by `publish`; a larger object is a resumable
/// upload that lacks its last chunk until then. Overwrite::kNever: the store itself refuses
/// (`ifGenerationMatch=0`), so of two writers of one name one wins.
///
/// Uploads that nobody knows any more can't be listed at Google; they are invisible, cost nothing
/// and end after a week, so `unfinished` has none.
///
/// `http`, `clock` and `random` must outlive the store, and the store its staged objects.
std::unique_ptr<ObjectStore> make_gcs_store(GcsStoreOptions options, GoogleTokens tokens,
                                            HttpClient& http, Clock& clock, Random& random);

}  // namespace sluice

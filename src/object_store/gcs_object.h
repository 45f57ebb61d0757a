#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "object_store/gcs_client.h"
#include "object_store/object_store.h"
#include "object_store/pending_syncs.h"

namespace sluice {

/// What the objects of one GCS store share; must outlive them.
struct GcsStaging {
  GcsClient& client;
  PendingSyncs& syncs;  ///< Of the spool.
  std::string spool_dir;
};

/// One object on its way to GCS, spooled in `spool_dir`/`spool_name`. When a chunk (8 MiB) is full
/// and more comes, it is sent to a resumable upload by the thread that writes. The last chunk stays
/// in the spool until `publish`: with it the object would appear. An error of the store surfaces at
/// the write that meets it.
std::unique_ptr<StagedObject> make_gcs_object(GcsStaging& staging, const std::string& key,
                                              const StageOptions& options,
                                              const std::string& spool_name);

}  // namespace sluice

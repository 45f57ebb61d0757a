#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "object_store/object_store.h"
#include "object_store/pending_syncs.h"
#include "object_store/s3_client.h"
#include "object_store/upload_pool.h"

namespace sluice {

/// What the objects of one S3 store share; must outlive them.
struct S3Staging {
  S3Client& client;
  UploadPool& uploaders;
  PendingSyncs& syncs;  ///< Of the spool.
  std::string spool_dir;
  uint64_t first_part_bytes = 0;  ///< 0: as the provider's profile says.
};

/// One object on its way to S3: spooled in `spool_dir`/`spool_name`. Each time a part is full it
/// gets sent in the background, from a file of its own, while writing goes on: at most
/// ProviderProfile::concurrent_parts at a time, then `write` waits. An error of a part surfaces at
/// the next `write` or at `finish`. An object that has not filled a part costs about a kilobyte: no
/// thread, no buffer, no descriptor.
std::unique_ptr<StagedObject> make_s3_object(S3Staging& staging, const std::string& key,
                                             const StageOptions& options,
                                             const std::string& spool_name);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "object_store/object_store.h"
#include "object_store/s3_client.h"

namespace sluice {

/// One object on its way to S3: spooled in `spool_dir`/`spool_name`, a part sent each time one is
/// full. `client` must outlive it.
std::unique_ptr<StagedObject> make_s3_object(S3Client& client, const std::string& key,
                                             const StageOptions& options,
                                             const std::string& spool_dir,
                                             const std::string& spool_name);

/// Bytes of part `number` (from 1): doubles every limits::kPartsPerSize parts, so that
/// limits::kParts of them hold the largest object of S3 (5 TiB) and none is over 5 GiB.
uint64_t s3_part_bytes(int number);

}  // namespace sluice

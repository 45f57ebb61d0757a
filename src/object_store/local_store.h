#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "object_store/object_store.h"

namespace sluice {

struct LocalStoreOptions {
  /// The folder that keys are relative to; made when missing.
  std::string root;
  /// Where objects are written before they are published; on the same file system as `root`.
  std::string staging_dir;
};

/// Objects as files below a folder: `a/b.csv` is the file b.csv in the folder a. A file is written
/// in the staging folder and gets its name in one rename: with `sync` between the two and after
/// them, a reader sees it whole or not at all, also after a power failure.
///
/// Keys with empty, `.` or `..` segments, or whose first segment is `.sluice`, are kInvalid; links
/// below the root are not followed (kConflict). ObjectInfo::etag and job_id are empty. `random`
/// must outlive the store.
std::unique_ptr<ObjectStore> make_local_store(LocalStoreOptions options, Random& random);

}  // namespace sluice

#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "object_store/object_store.h"
#include "object_store/pending_syncs.h"

namespace sluice {

/// The names of files below a root, without ever leaving it: every step of a path is opened
/// relative to the step before and links are refused, so no rename of a folder by someone else can
/// lead out in between. Paths are keys that `check_local_key` has let through.
class LocalFolder {
 public:
  /// `syncs` outlives it: there the folders go that something was named in.
  LocalFolder(std::string root, PendingSyncs& syncs);

  /// The file's inode data; nothing if there is no regular file of that name.
  std::optional<struct stat> find(const std::string& key) const;
  /// As ObjectStore::read says.
  std::string read(const std::string& key, uint64_t offset, uint64_t size) const;
  /// The path of the folder that the key's last segment is in.
  std::string path_above(const std::string& key) const;
  /// Gives the file `from` (any path) its name under the root, making folders as needed.
  /// `kNameTaken` only with `kNever`. The file must be synced already.
  PublishResult take_in(const std::string& from, const std::string& key, Overwrite overwrite) const;

 private:
  std::string root_;
  PendingSyncs& syncs_;
};

/// kInvalid for a key that is no plain relative path, or that lies in `.sluice`.
void check_local_key(const std::string& key);

}  // namespace sluice

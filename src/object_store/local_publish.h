#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "object_store/object_store.h"

namespace sluice {

/// The names of files below a root, without ever leaving it: every step of a path is opened
/// relative to the step before and links are refused, so no rename of a folder by someone else can
/// lead out in between. Paths are keys that `check_local_key` has let through.
class LocalFolder {
 public:
  explicit LocalFolder(std::string root);

  /// The file's inode data; nothing if there is no regular file of that name.
  std::optional<struct stat> find(const std::string& key) const;
  /// As ObjectStore::read says.
  std::string read(const std::string& key, uint64_t offset, uint64_t size) const;
  /// Gives the file `from` (any path) its name under the root, making folders as needed, and syncs
  /// them. `kNameTaken` only with `kNever`. The file must be synced already.
  PublishResult take_in(const std::string& from, const std::string& key, Overwrite overwrite) const;

 private:
  std::string root_;
};

/// kInvalid for a key that is no plain relative path, or that lies in `.sluice`.
void check_local_key(const std::string& key);

}  // namespace sluice

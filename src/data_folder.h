#pragma once

#include <optional>
#include <string>

#include "base/random.h"
#include "base/secret.h"
#include "config.h"

namespace sluice {

/// The folder that holds everything a server keeps, taken for this process alone: a second one on
/// the same folder fails with kConflict. Released when destroyed. Throws kStorage when the folder
/// can't be made or written to.
class DataFolder {
 public:
  explicit DataFolder(const std::string& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  std::string state() const { return path_ + "/state.db"; }
  std::string warehouse() const { return path_ + "/warehouse.db"; }
  std::string spool() const { return path_ + "/spool"; }
  std::string admin_token() const { return path_ + "/admin.token"; }

  std::string secret_key_file() const { return path_ + "/secret.key"; }

  /// The key that seals stored secrets, of the file `secret.key` (mode 0600), which is made on
  /// first use.
  Secret secret_key(Random& random) const;
  /// The key that is to follow it, while it is being changed: `secret.key.next`.
  std::optional<Secret> next_secret_key() const;
  Secret make_next_secret_key(Random& random) const;
  void adopt_next_secret_key() const;
  void drop_next_secret_key() const;

 private:
  std::string path_;
  int lock_ = -1;
};

/// Writes a file that only its owner can read, whole or not at all, and durable when this returns.
/// Throws kStorage.
void write_private_file(const std::string& path, const std::string& content);

}  // namespace sluice

#pragma once

#include <mutex>
#include <string>
#include <unordered_set>

namespace sluice {

/// Files and folders that have to be on the disk before the next step of a job, synced together: a
/// sync each would cost more than everything else a job of ten thousand small files does.
/// Thread-safe.
class PendingSyncs {
 public:
  /// A path on the file system of all the others.
  void add(std::string path);
  /// What was added before is on the disk when this returns: a few by fsync of each, many by one
  /// syncfs (Linux 5.8 and later tell failed writes there, too). A path that is gone is no error.
  /// Throws file_error.
  void flush();

 private:
  std::mutex flushing_;  ///< Held all the time: who comes second waits for what the first one took.
  std::mutex mutex_;
  std::unordered_set<std::string> paths_;
};

}  // namespace sluice

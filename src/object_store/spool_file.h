#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "object_store/pending_syncs.h"

namespace sluice {

/// A file that is only appended to. Holds neither a buffer nor a descriptor between writes, so that
/// tens of thousands can be begun at once: append in blocks that are worth a system call or three.
/// One thread at a time; throws file_error.
class SpoolFile {
 public:
  /// Nothing is created before the first append. Missing folders on the way are made.
  SpoolFile(std::string path, unsigned mode);

  void append(std::string_view bytes);
  /// Has the kernel write to the disk what was appended, without waiting for it: a sync that comes
  /// later finds little left to do.
  void begin_writeback();
  /// Creates the file if nothing was appended; it and its folder wait to be synced then.
  void close(PendingSyncs& syncs);
  /// fsync of the file, which is created if nothing was appended, and of its folder.
  void sync();
  /// No file, no error.
  void remove();

  const std::string& path() const { return path_; }
  /// Bytes appended.
  uint64_t size() const { return size_; }

 private:
  int open_for_append() const;

  std::string path_;
  unsigned mode_;
  uint64_t size_ = 0;
  uint64_t written_back_ = 0;
};

/// Makes a folder and the ones above it that are missing; those made are on disk afterwards.
void make_folders(const std::string& path, unsigned mode);
/// fsync of a folder: its entries are on disk afterwards.
void sync_folder(const std::string& path);

}  // namespace sluice

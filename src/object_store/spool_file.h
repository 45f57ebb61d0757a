#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// A file that is only appended to, through a small buffer in memory. Holds no descriptor between
/// writes, so that thousands can be open at once. One thread at a time; throws file_error.
class SpoolFile {
 public:
  /// Nothing is created before the first flush. Missing folders on the way are made.
  SpoolFile(std::string path, unsigned mode);

  void append(std::string_view bytes);
  /// What is in memory goes to the file; creates it, also empty.
  void flush();
  /// flush, then fsync of the file and of its folder.
  void sync();
  /// Starts anew: the file becomes empty, its space is given back.
  void clear();
  /// No file, no error.
  void remove();

  const std::string& path() const { return path_; }
  /// Bytes appended since construction or `clear`.
  uint64_t size() const { return size_; }

 private:
  int open_for_append() const;
  void write_out(std::string_view bytes);

  std::string path_;
  unsigned mode_;
  std::string buffer_;
  uint64_t size_ = 0;
  bool created_ = false;
};

/// Makes a folder and the ones above it that are missing; those made are on disk afterwards.
void make_folders(const std::string& path, unsigned mode);
/// fsync of a folder: its entries are on disk afterwards.
void sync_folder(const std::string& path);

}  // namespace sluice

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/char_buffer.h"

namespace sluice {

/// Bytes that memory has no room for, in one file without a name: gone with its owner, also when
/// the process is killed. One thread appends; any may read what was appended before. Throws
/// kStorage (a full disk).
class SpillFile {
 public:
  /// Nothing is created before the first `append`. Empty `folder`: the system's for such files.
  explicit SpillFile(std::string folder) : folder_(std::move(folder)) {}
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Where the next append will begin.
  uint64_t size() const { return size_; }
  void append(std::string_view bytes);
  /// Replaces what is in `bytes`.
  void read(uint64_t offset, size_t size, CharBuffer& bytes) const;

 private:
  void create();

  std::string folder_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

}  // namespace sluice

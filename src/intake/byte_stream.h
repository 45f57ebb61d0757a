#pragma once

#include <cstddef>
#include <memory>

#include "base/byte_range.h"

namespace sluice {

/// Bytes that are read once, from the first to the last. One thread at a time.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Puts 1 to `most` bytes at `to` and returns how many; 0 at the end. Throws kInvalid, with the
  /// place, for compressed bytes that are broken or cut off; kTooLarge for those that swell beyond
  /// limits; kStorage.
  virtual size_t read(char* to, size_t most) = 0;
};

/// The bytes, with gzip (of several members, too) or zstd (several frames, windows of up to
/// 2^limits::kZstdWindowLog bytes) around them undone, which are told by their first bytes. Memory
/// is bounded. Throws kInvalid for what is compressed or encoded in a way that is not read, by its
/// name.
std::unique_ptr<ByteStream> open_byte_stream(std::shared_ptr<const ByteRange> bytes);

}  // namespace sluice

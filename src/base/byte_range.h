#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace sluice {

/// Bytes that are all there already and can be read from anywhere: memory, a file, a part of
/// either. `read` moves no position, so one range may be read by several threads.
class ByteRange {
 public:
  virtual ~ByteRange() = default;
  virtual uint64_t size() const = 0;
  /// Puts up to `most` bytes from `offset` on at `to` and returns how many: fewer only at the end.
  /// Throws kStorage.
  virtual size_t read(uint64_t offset, char* to, size_t most) const = 0;
};

std::shared_ptr<const ByteRange> range_in_memory(std::string bytes);
/// Takes the open file; closes it with the last user of the range.
std::shared_ptr<const ByteRange> range_of_file(int file, uint64_t size);
/// `size` bytes of `whole` from `offset` on.
std::shared_ptr<const ByteRange> part_of(std::shared_ptr<const ByteRange> whole, uint64_t offset,
                                         uint64_t size);
/// All of it in memory, for what is known to be short.
std::string bytes_of(const ByteRange& range);

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "intake/page_bytes.h"

namespace sluice {

/// Reads the encoding DELTA_BINARY_PACKED (apache/parquet-format, Encodings.md): numbers as
/// differences, in blocks of packed bits. Sums wrap around at 64 bits. The bytes outlive it. One
/// thread at a time.
class DeltaDecoder {
 public:
  DeltaDecoder() = default;
  /// Throws kInvalid where the header makes no sense.
  explicit DeltaDecoder(std::string_view bytes);

  /// Numbers not read yet.
  uint64_t left() const { return left_; }
  /// Writes the next `count` numbers; throws kInvalid where there are fewer.
  void read(int64_t* out, size_t count);
  /// Passes all numbers that are left and returns what stands behind them.
  std::string_view behind();

 private:
  void next_miniblock();

  PageBytes in_;
  uint64_t block_size_ = 0;
  uint64_t miniblocks_ = 0;
  uint64_t left_ = 0;
  bool first_ = true;  ///< The first number stands in the header.
  uint64_t last_ = 0;
  uint64_t least_delta_ = 0;
  std::string_view widths_;  ///< Of the block's miniblocks that are to come.
  std::string_view miniblock_;
  unsigned width_ = 0;
  uint64_t in_miniblock_ = 0;  ///< Deltas not read yet.
  size_t bit_ = 0;
};

}  // namespace sluice

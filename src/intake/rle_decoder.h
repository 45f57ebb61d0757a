#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "intake/page_bytes.h"

namespace sluice {

/// Reads Parquet's hybrid of runs and bit-packed numbers of `width` bits, 32 at most
/// (apache/parquet-format, Encodings.md, "RLE"). The bytes outlive it. One thread at a time.
class RleDecoder {
 public:
  RleDecoder() = default;
  /// Throws kInvalid where the width is too large.
  RleDecoder(std::string_view bytes, unsigned width);

  /// Writes the next `count` numbers; throws kInvalid where there are fewer.
  void read(uint32_t* out, size_t count);

 private:
  void next_run();

  PageBytes in_;
  unsigned width_ = 0;
  uint64_t left_ = 0;  ///< Numbers of the current run.
  bool packed_ = false;
  uint32_t value_ = 0;  ///< Of a run.
  std::string_view packed_bytes_;
  size_t bit_ = 0;  ///< In `packed_bytes_`.
};

}  // namespace sluice

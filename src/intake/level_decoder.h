#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "data/parquet_numbers.h"
#include "intake/page_bytes.h"
#include "intake/rle_decoder.h"

namespace sluice {

/// Reads definition or repetition levels, from 0 to `most`. The bytes outlive it. One thread at a
/// time.
class LevelDecoder {
 public:
  LevelDecoder() = default;

  /// Takes the levels of `values` values off a data page of version 1. Where `most` is 0 there are
  /// none. Throws kInvalid for an encoding that levels can't have.
  static LevelDecoder take_from(PageBytes& page, ParquetEncoding encoding, uint32_t most,
                                size_t values);
  /// The levels of a data page of version 2, which are `bytes`.
  static LevelDecoder of(std::string_view bytes, uint32_t most);

  /// Writes the next `count` levels. Throws kInvalid where there are fewer, and for one that is
  /// larger than `most`.
  void read(uint32_t* out, size_t count);

 private:
  void read_packed(uint32_t* out, size_t count);

  uint32_t most_ = 0;
  RleDecoder runs_;
  bool packed_ = false;  ///< In the way that is deprecated: the highest bit of a byte first.
  std::string_view packed_bytes_;
  size_t bit_ = 0;
};

}  // namespace sluice

#include "intake/level_decoder.h"

#include <algorithm>
#include <string>

#include "intake/bit_unpack.h"

namespace sluice {

LevelDecoder LevelDecoder::take_from(PageBytes& page, ParquetEncoding encoding, uint32_t most,
                                     size_t values) {
  if (most == 0) return {};
  if (encoding == ParquetEncoding::kRle) return of(page.take(page.number<uint32_t>()), most);
  if (encoding != ParquetEncoding::kBitPacked) {
    fail_damaged("levels have the encoding " + std::to_string(static_cast<int32_t>(encoding)) +
                 ", which is none for levels");
  }
  LevelDecoder levels;
  levels.most_ = most;
  levels.packed_ = true;
  levels.packed_bytes_ = page.take((values * bits_of(most) + 7) / 8);
  return levels;
}

LevelDecoder LevelDecoder::of(std::string_view bytes, uint32_t most) {
  LevelDecoder levels;
  levels.most_ = most;
  levels.runs_ = RleDecoder(bytes, bits_of(most));
  return levels;
}

void LevelDecoder::read(uint32_t* out, size_t count) {
  if (most_ == 0) {
    std::fill_n(out, count, 0U);
    return;
  }
  if (packed_) {
    read_packed(out, count);
  } else {
    runs_.read(out, count);
  }
  if (std::any_of(out, out + count, [this](uint32_t level) { return level > most_; })) {
    fail_damaged("a level is higher than the schema has levels");
  }
}

void LevelDecoder::read_packed(uint32_t* out, size_t count) {
  const unsigned width = bits_of(most_);
  if (bit_ + count * width > packed_bytes_.size() * 8) {
    fail_damaged("a page has fewer levels than values");
  }
  for (size_t i = 0; i < count; ++i) {
    uint32_t level = 0;
    for (unsigned bit = 0; bit < width; ++bit, ++bit_) {
      const auto byte = static_cast<uint8_t>(packed_bytes_[bit_ / 8]);
      level = level << 1 | (byte >> (7 - bit_ % 8) & 1U);
    }
    out[i] = level;
  }
}

}  // namespace sluice

#include "intake/rle_decoder.h"

#include <algorithm>
#include <string>

#include "intake/bit_unpack.h"

namespace sluice {

RleDecoder::RleDecoder(std::string_view bytes, unsigned width) : in_(bytes), width_(width) {
  if (width > 32) fail_damaged("numbers of " + std::to_string(width) + " bits in a page");
}

void RleDecoder::read(uint32_t* out, size_t count) {
  while (count > 0) {
    if (left_ == 0) {
      next_run();
      continue;
    }
    const auto now = static_cast<size_t>(std::min<uint64_t>(count, left_));
    if (packed_) {
      for (size_t i = 0; i < now; ++i, bit_ += width_) {
        out[i] = static_cast<uint32_t>(unpack_bits(packed_bytes_, bit_, width_));
      }
    } else {
      std::fill_n(out, now, value_);
    }
    out += now;
    count -= now;
    left_ -= now;
  }
}

void RleDecoder::next_run() {
  const uint64_t head = in_.varint();
  packed_ = (head & 1) != 0;
  left_ = head >> 1;
  if (!packed_) {
    value_ = 0;
    const std::string_view value = in_.take((width_ + 7) / 8);
    std::memcpy(&value_, value.data(), value.size());
    return;
  }
  // Eight numbers a group. Some writers cut the last group where its numbers end.
  constexpr uint64_t kMostGroups = uint64_t{1} << 32;
  if (left_ > kMostGroups) fail_damaged("a run of bit-packed numbers is longer than any page");
  const uint64_t bytes = std::min<uint64_t>(left_ * width_, in_.left());
  left_ = width_ == 0 ? left_ * 8 : std::min(left_ * 8, bytes * 8 / width_);
  if (left_ == 0 && in_.left() == 0) fail_damaged("a page ends in the middle of its values");
  packed_bytes_ = in_.take(bytes);
  bit_ = 0;
}

}  // namespace sluice

#include "intake/delta_decoder.h"

#include <algorithm>

#include "intake/bit_unpack.h"

namespace sluice {

DeltaDecoder::DeltaDecoder(std::string_view bytes) : in_(bytes) {
  constexpr uint64_t kLargestBlock = uint64_t{1} << 24;
  block_size_ = in_.varint();
  miniblocks_ = in_.varint();
  left_ = in_.varint();
  last_ = static_cast<uint64_t>(in_.zigzag());
  if (block_size_ == 0 || block_size_ > kLargestBlock || miniblocks_ == 0 ||
      miniblocks_ > block_size_ || block_size_ % (8 * miniblocks_) != 0) {
    fail_damaged("the header of delta-encoded numbers makes no sense");
  }
}

void DeltaDecoder::read(int64_t* out, size_t count) {
  if (count > left_) fail_damaged("a page has fewer delta-encoded numbers than it says");
  left_ -= count;
  if (first_ && count > 0) {
    first_ = false;
    *out++ = static_cast<int64_t>(last_);
    --count;
  }
  while (count > 0) {
    if (in_miniblock_ == 0) next_miniblock();
    const auto now = static_cast<size_t>(std::min<uint64_t>(count, in_miniblock_));
    for (size_t i = 0; i < now; ++i, bit_ += width_) {
      last_ += least_delta_ + unpack_bits(miniblock_, bit_, width_);
      out[i] = static_cast<int64_t>(last_);
    }
    out += now;
    count -= now;
    in_miniblock_ -= now;
  }
}

void DeltaDecoder::next_miniblock() {
  if (widths_.empty()) {
    least_delta_ = static_cast<uint64_t>(in_.zigzag());
    widths_ = in_.take(miniblocks_);
  }
  width_ = static_cast<uint8_t>(widths_[0]);
  widths_.remove_prefix(1);
  if (width_ > 64) fail_damaged("delta-encoded numbers of more than 64 bits");
  in_miniblock_ = block_size_ / miniblocks_;
  miniblock_ = in_.take(in_miniblock_ * width_ / 8);
  bit_ = 0;
}

std::string_view DeltaDecoder::behind() {
  int64_t numbers[256];
  while (left_ > 0) read(numbers, static_cast<size_t>(std::min<uint64_t>(left_, 256)));
  return in_.rest();
}

}  // namespace sluice

#include "format/bit_vector.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sluice {
namespace {

static_assert(std::endian::native == std::endian::little, "words are copied as they are");

uint64_t lowest(uint64_t word, size_t bits) {
  return bits >= 64 ? word : word & ((uint64_t{1} << bits) - 1);
}

}  // namespace

void BitVector::add_ones(size_t count) {
  for (; count > 0 && size_ % 64 != 0; --count) add(true);
  words_.resize(words_.size() + count / 64, ~uint64_t{0});
  size_ += count - count % 64;
  for (count %= 64; count > 0; --count) add(true);
}

uint64_t BitVector::word_at(size_t first) const {
  const size_t word = first / 64;
  const size_t shift = first % 64;
  uint64_t bits = words_[word] >> shift;
  if (shift > 0 && word + 1 < words_.size()) bits |= words_[word + 1] << (64 - shift);
  return bits;
}

size_t BitVector::ones(size_t first, size_t count) const {
  size_t found = 0;
  for (; count > 0; first += 64, count -= std::min<size_t>(count, 64)) {
    found += static_cast<size_t>(std::popcount(lowest(word_at(first), count)));
  }
  return found;
}

void BitVector::append_to(std::string& out, size_t first, size_t count) const {
  for (; count > 0; first += 64, count -= std::min<size_t>(count, 64)) {
    const uint64_t word = lowest(word_at(first), count);
    char bytes[sizeof word];
    std::memcpy(bytes, &word, sizeof word);
    out.append(bytes, count >= 64 ? sizeof word : (count + 7) / 8);
  }
}

}  // namespace sluice

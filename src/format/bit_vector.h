#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// Bits in the order Parquet packs them (Encodings.md): the first is the lowest of the first byte.
/// One thread at a time.
class BitVector {
 public:
  void add(bool bit) {
    const size_t place = size_ % 64;
    if (place == 0) words_.push_back(0);
    words_.back() |= uint64_t{bit} << place;
    ++size_;
  }
  /// `count` bits that are 1.
  void add_ones(size_t count);

  size_t size() const { return size_; }
  size_t bytes() const { return words_.size() * sizeof(uint64_t); }
  bool operator[](size_t place) const { return (words_[place / 64] >> (place % 64) & 1) != 0; }
  /// How many of the `count` bits from `first` on are 1.
  size_t ones(size_t first, size_t count) const;
  /// Adds these bits to `out`; the last byte is filled up with 0.
  void append_to(std::string& out, size_t first, size_t count) const;

  /// Keeps the memory.
  void clear() {
    words_.clear();
    size_ = 0;
  }

 private:
  /// The 64 bits from `first` on; 0 behind the end.
  uint64_t word_at(size_t first) const;

  std::vector<uint64_t> words_;
  size_t size_ = 0;
};

}  // namespace sluice

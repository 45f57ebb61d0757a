#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "data/value_text.h"

namespace sluice {

/// Collects the bytes of one block of a text format. A caller asks for `room` for the most a value
/// can take, writes there, and says with `wrote` where it ended: no test for space per byte. Holds
/// no memory before the first byte.
class TextWriter {
 public:
  /// At least `bytes` of space; valid until the next call.
  char* room(size_t bytes) {
    if (left() < bytes) grow(bytes);
    return next_;
  }
  void wrote(char* end) { next_ = end; }

  void put(char c) {
    char* at = room(1);
    *at = c;
    wrote(at + 1);
  }
  void put(std::string_view bytes) {
    char* at = room(bytes.size());
    std::memcpy(at, bytes.data(), bytes.size());
    wrote(at + bytes.size());
  }
  void put_integer(int64_t value) { wrote(write_integer(room(kNumberBytes), value)); }
  void put_real(double value) { wrote(write_real(room(kNumberBytes), value)); }
  void put_base64(std::string_view bytes);

  std::string_view text() const { return {buffer_.data(), size()}; }
  size_t size() const { return static_cast<size_t>(next_ - buffer_.data()); }
  /// Forgets the text. Keeps the memory only where it is about as much as a block takes anyway.
  void clear();
  /// Hands the text over and begins anew.
  std::string take();

 private:
  size_t left() const { return buffer_.size() - size(); }
  void grow(size_t bytes);

  std::string buffer_;
  char* next_ = buffer_.data();
  std::string scratch_;
};

/// The error for text that is not UTF-8; `place` is `Batch::place`.
[[noreturn]] void fail_not_utf8(const std::string& column, const std::string& place);

/// What a text encoder has to know of a value before it copies it.
struct TextScan {
  bool special = false;    ///< One of the bytes that the format treats specially is there.
  bool non_ascii = false;  ///< Has to be checked for valid UTF-8.
};

namespace words {

// Eight bytes at a time. Each test sets the top bit of at least one byte where it finds something
// and none where it finds nothing; which byte is not asked.
inline constexpr uint64_t kOnes = 0x0101010101010101;
inline constexpr uint64_t kTops = 0x8080808080808080;

inline uint64_t load(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}
/// Fewer than eight bytes, filled up with a letter that is special nowhere.
inline uint64_t load_tail(const char* bytes, size_t size) {
  uint64_t word = kOnes * 'a';
  std::memcpy(&word, bytes, size);
  return word;
}
constexpr uint64_t has_zero(uint64_t word) { return (word - kOnes) & ~word & kTops; }
constexpr uint64_t has(uint64_t word, char byte) {
  return has_zero(word ^ (kOnes * static_cast<unsigned char>(byte)));
}
/// `limit` is at most 128.
constexpr uint64_t has_below(uint64_t word, unsigned limit) {
  return (word - kOnes * limit) & ~word & kTops;
}

}  // namespace words

/// Looks at every byte once; `special(word)` is not zero where a word of eight bytes holds one.
template <class Special>
TextScan scan_text(std::string_view text, Special special) {
  uint64_t found = 0;
  uint64_t tops = 0;
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    const uint64_t word = words::load(at);
    found |= special(word);
    tops |= word;
  }
  if (left > 0) {
    // The last eight bytes, some of them seen before; or what there is of fewer.
    const bool short_text = text.size() < 8;
    const uint64_t word = short_text ? words::load_tail(at, left) : words::load(at + left - 8);
    found |= special(word);
    tops |= word;
  }
  return {found != 0, (tops & words::kTops) != 0};
}

/// The cells of a batch as one pointer per column, valid until the batch changes. Only for batches
/// that have rows.
class BatchView {
 public:
  void look_at(const Batch& batch) {
    columns_.resize(batch.columns());
    for (size_t i = 0; i < columns_.size(); ++i) columns_[i] = &batch.at(i, 0);
  }
  const Cell& at(size_t column, size_t row) const { return columns_[column][row]; }

 private:
  std::vector<const Cell*> columns_;
};

}  // namespace sluice

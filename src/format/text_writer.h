#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"
#include "data/char_buffer.h"
#include "data/value_text.h"

namespace sluice {

/// Collects the bytes of one block of a text format. A caller asks for `room` for the most a value
/// can take, writes there, and says with `wrote` where it ended: no test for space per byte. Holds
/// no memory before the first byte.
class TextWriter {
 public:
  /// What may be written behind the room that was asked for.
  static constexpr size_t kSlack = CharBuffer::kSlack;

  /// At least `bytes` of space and the slack; valid until the next call.
  char* room(size_t bytes) { return buffer_.room(bytes); }
  void wrote(const char* end) { buffer_.wrote(end); }

  void put(char c) {
    char* at = room(1);
    *at = c;
    wrote(at + 1);
  }
  void put(std::string_view bytes) { buffer_.append(bytes); }
  void put_integer(int64_t value) { wrote(write_integer(room(kNumberBytes), value)); }
  void put_real(double value) { wrote(write_real(room(kNumberBytes), value)); }
  void put_base64(std::string_view bytes);

  std::string_view text() const { return buffer_.view(); }
  size_t size() const { return buffer_.size(); }
  /// Forgets the text. Keeps the memory only where it is about as much as a block takes anyway.
  void clear();
  /// Hands the text over and begins anew.
  std::string take();

 private:
  CharBuffer buffer_;
  std::string scratch_;
};

/// The error for text that is not UTF-8; `place` is `Batch::place`.
[[noreturn]] void fail_not_utf8(const std::string& column, const std::string& place);

/// What a text encoder has to know of a value before it copies it.
struct TextScan {
  bool special = false;    ///< One of the bytes that the format treats specially is there.
  bool non_ascii = false;  ///< Has to be checked for valid UTF-8.
};

/// Sixteen bytes in a register; a comparison has all bits of a byte set where it holds.
using Bytes16 = uint8_t __attribute__((vector_size(16)));
static_assert(sizeof(Bytes16) == CharBuffer::kSlack);

namespace bytes16 {

inline Bytes16 load(const char* from) {
  Bytes16 bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}
inline void store(char* to, Bytes16 bytes) { std::memcpy(to, &bytes, sizeof bytes); }

/// All bits of the first `count` bytes, of 0 to 16.
inline Bytes16 first(size_t count) {
  static constexpr std::array<uint8_t, 32> kMask = [] {
    std::array<uint8_t, 32> mask{};
    for (size_t i = 0; i < 16; ++i) mask[i] = 0xff;
    return mask;
  }();
  Bytes16 bytes;
  std::memcpy(&bytes, &kMask[16 - count], sizeof bytes);
  return bytes;
}

inline bool any(Bytes16 bytes) {
  std::array<uint64_t, 2> halves;
  std::memcpy(&halves, &bytes, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

}  // namespace bytes16

/// Copies text; CharBuffer::kSlack bytes behind `from` and `to` may be read and written. Returns
/// the end of the copy.
inline char* copy_padded(char* to, std::string_view from) {
  for (size_t at = 0; at < from.size(); at += sizeof(Bytes16)) {
    bytes16::store(to + at, bytes16::load(from.data() + at));
  }
  return to + from.size();
}

/// Copies text and looks at every byte on the way; `special(bytes)` is not zero where one of them
/// is special. CharBuffer::kSlack bytes behind `from` and `to` may be read and written.
template <class Special>
TextScan copy_and_scan(std::string_view from, char* to, Special special) {
  Bytes16 found{};
  Bytes16 seen{};
  const char* at = from.data();
  size_t left = from.size();
  for (; left > sizeof(Bytes16); at += sizeof(Bytes16), left -= sizeof(Bytes16)) {
    const Bytes16 bytes = bytes16::load(at);
    bytes16::store(to, bytes);
    to += sizeof(Bytes16);
    found |= reinterpret_cast<Bytes16>(special(bytes));
    seen |= bytes;
  }
  if (left > 0) {
    const Bytes16 bytes = bytes16::load(at);
    bytes16::store(to, bytes);
    const Bytes16 mask = bytes16::first(left);
    found |= reinterpret_cast<Bytes16>(special(bytes)) & mask;
    seen |= bytes & mask;
  }
  return {bytes16::any(found), bytes16::any(seen & uint8_t{0x80})};
}

}  // namespace sluice

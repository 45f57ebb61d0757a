#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace sluice {

/// Bytes that grow at the end. Unlike a string it does not write zeros over memory that is about to
/// be filled, and there are always `kSlack` bytes behind its end that may be read and written: what
/// copies 16 bytes at a time need not look where a text ends. Holds no memory before the first
/// byte. Not thread-safe.
class CharBuffer {
 public:
  static constexpr size_t kSlack = 16;

  CharBuffer() = default;
  CharBuffer(CharBuffer&& other) noexcept { swap(other); }
  CharBuffer& operator=(CharBuffer&& other) noexcept {
    CharBuffer(std::move(other)).swap(*this);
    return *this;
  }
  CharBuffer(const CharBuffer& other) { append(other.view()); }
  CharBuffer& operator=(const CharBuffer& other) {
    CharBuffer(other).swap(*this);
    return *this;
  }
  ~CharBuffer() = default;

  const char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  /// Without the slack.
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {bytes_.get(), size_}; }

  /// Space for `bytes` more and the slack; valid until the next call. `wrote` says where the new
  /// end is.
  char* room(size_t bytes) {
    if (capacity_ - size_ <= bytes) grow(bytes);
    return bytes_.get() + size_;
  }
  void wrote(const char* end) { size_ = static_cast<size_t>(end - bytes_.get()); }

  void append(std::string_view bytes) {
    char* const at = room(bytes.size());
    copy(at, bytes);
    size_ += bytes.size();
  }

  /// Keeps the memory.
  void clear() { size_ = 0; }

 private:
  /// Most values are short, and a call of memcpy takes longer than the copy.
  static void copy(char* to, std::string_view bytes) {
    const size_t size = bytes.size();
    const char* const from = bytes.data();
    if (size > 16) {
      std::memcpy(to, from, size);
    } else if (size >= 8) {
      copy_ends<8>(to, from, size);
    } else if (size >= 4) {
      copy_ends<4>(to, from, size);
    } else {
      for (size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }
  /// The first and the last `Part` bytes, which overlap or meet.
  template <size_t Part>
  static void copy_ends(char* to, const char* from, size_t size) {
    std::memcpy(to, from, Part);
    std::memcpy(to + size - Part, from + size - Part, Part);
  }

  void grow(size_t bytes) {
    constexpr size_t kFirstBytes = 240;
    const size_t capacity = std::max({size_ + bytes + 1, 2 * capacity_, kFirstBytes});
    auto larger = std::make_unique_for_overwrite<char[]>(capacity + kSlack);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }
  void swap(CharBuffer& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice {

/// Takes bytes off the front of a page that nobody has checked; the bytes outlive it. Throws
/// kInvalid where there are fewer than asked for.
class PageBytes {
 public:
  PageBytes() = default;
  explicit PageBytes(std::string_view bytes) : left_(bytes) {}

  size_t left() const { return left_.size(); }
  std::string_view rest() const { return left_; }

  std::string_view take(uint64_t size) {
    if (size > left_.size()) fail();
    const std::string_view taken = left_.substr(0, static_cast<size_t>(size));
    left_.remove_prefix(taken.size());
    return taken;
  }
  /// A number as it lies in memory, which is little-endian.
  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  /// Unsigned LEB128.
  uint64_t varint();
  int64_t zigzag() {
    const uint64_t value = varint();
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }

 private:
  [[noreturn]] static void fail();

  std::string_view left_;
};

/// Says that a Parquet file is damaged: kInvalid, with what is wrong in it.
[[noreturn]] void fail_damaged(std::string_view what);

}  // namespace sluice

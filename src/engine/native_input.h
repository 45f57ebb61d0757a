#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice {

/// Adds further bytes to the string; false at the end, without any. Throws `Error`.
using MoreBytes = std::function<bool(std::string&)>;

/// The bytes of a stream of blocks, of which one block is held at a time. Places are offsets that
/// stay good until `forget`. One thread.
class NativeInput {
 public:
  /// `most`: bytes that one block may take.
  NativeInput(MoreBytes more, size_t most) : more_(std::move(more)), most_(most) {}

  /// True when there is no further byte. Waits for one.
  bool at_end();
  /// The place of the next `bytes`, which are there now and count as read. Throws kUnavailable at
  /// the end of the stream (see `unread`), kTooLarge for a block of more than `most`.
  size_t take(size_t bytes);
  /// Unsigned, in groups of seven bits (LEB128).
  uint64_t take_varint();
  std::string take_string();

  const char* at(size_t place) const { return bytes_.data() + place; }
  /// What came and was not read.
  std::string_view unread() const { return std::string_view(bytes_).substr(place_); }
  /// The same, and what was read since `forget`.
  std::string_view held() const { return bytes_; }
  /// Reads to the end of the stream, up to `most` bytes, so that `unread` has them.
  void read_rest(size_t most);
  /// Lets go of what was read.
  void forget();

 private:
  bool get_more();

  MoreBytes more_;
  size_t most_;
  std::string bytes_;
  size_t place_ = 0;
};

}  // namespace sluice

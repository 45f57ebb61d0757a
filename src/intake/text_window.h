#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "intake/byte_stream.h"

namespace sluice {

/// The part of a text that is being read: moves over it from the beginning to the end, as large as
/// a batch or, where a row is longer, as that. One thread.
class TextWindow {
 public:
  /// Leaves out a byte order mark.
  explicit TextWindow(std::unique_ptr<ByteStream> stream);

  /// What is there; valid until `advance` or `widen`.
  std::string_view view() const { return {buffer_.data() + begin_, end_ - begin_}; }
  /// Whether the text ends where the view does.
  bool is_last() const { return ended_; }
  /// Lets the first `bytes` of the view go and reads on until it is a batch long.
  void advance(size_t bytes);
  /// Reads on until the view is twice as long: a row does not end in it. False where it is as long
  /// as a row may be.
  bool widen();

 private:
  void fill(size_t wanted);

  std::unique_ptr<ByteStream> stream_;
  std::vector<char> buffer_;
  size_t begin_ = 0;  ///< Of the view, in the buffer.
  size_t end_ = 0;
  bool ended_ = false;
};

/// The row as it came for RejectedRow::text: cut to its limit, and what is no UTF-8, and U+0000, as
/// U+FFFD.
std::string shown_row(std::string_view row);

}  // namespace sluice

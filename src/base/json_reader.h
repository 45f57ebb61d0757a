#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

/// Reads JSON (RFC 8259, nothing more lenient) where it lies, in one pass and without building
/// anything. Each call takes what it names from the front of what is left; false where that is not
/// what stands there: then `fault` and `column` say what is wrong, and the reader is of no more
/// use. Whether text is UTF-8 is not looked at. One thread.
class JsonReader {
 public:
  /// `text` must outlive the reader.
  explicit JsonReader(std::string_view text)
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

  /// Skips white space; the next byte, or 0 at the end.
  char next() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }
  /// Takes `c` if it is next, white space aside; no fault where it is not.
  bool take(char c) {
    if (next() != c || at_ == end_) return false;
    ++at_;
    return true;
  }
  bool at_end() { return next() == '\0' && at_ == end_; }
  const char* at() const { return at_; }

  /// A string: what stands between its quotes, and whether escapes are in it (`unescape_json`).
  bool string(std::string_view& inside, bool& escaped);
  /// A number; `whole` where it has neither point nor exponent.
  bool number(std::string_view& text, bool& whole);
  /// `true`, `false` or `null`.
  bool word(std::string_view word);
  /// Any value, with objects and arrays at most `depth` deep. `text` is the whole of it.
  bool value(std::string_view& text, size_t depth);

  bool fail(const char* fault) {
    fault_ = fault;
    return false;
  }
  /// The end of a sentence that begins with "The JSON".
  const char* fault() const { return fault_; }
  /// Where it went wrong: bytes from the beginning, from 1.
  size_t column() const { return static_cast<size_t>(at_ - begin_) + 1; }

 private:
  bool skip(size_t depth);
  bool skip_object(size_t depth);
  bool skip_array(size_t depth);

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* fault_ = "is not complete";
};

/// Adds what the inside of a JSON string stands for to `out`. False for half of a surrogate pair,
/// which is no character.
bool unescape_json(std::string_view inside, std::string& out);

/// Whether all of the text is one JSON value, at most limits::kJsonDepth deep.
bool is_json(std::string_view text);

}  // namespace sluice

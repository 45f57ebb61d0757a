#include "format/decimal_value.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"

namespace sluice {
namespace {

/// An integer of 128 bits, as GCC and Clang have it.
__extension__ using UInt128 = unsigned __int128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the exponent off, if there is one; nothing if it is malformed.
std::optional<int> take_exponent(std::string_view& text) {
  const size_t at = text.find_first_of("eE");
  if (at == std::string_view::npos) return 0;
  std::string_view tail = text.substr(at + 1);
  text = text.substr(0, at);
  if (tail.starts_with('+')) tail.remove_prefix(1);
  int exponent = 0;
  const auto [end, failed] = std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
  if (failed != std::errc() || end != tail.data() + tail.size()) return std::nullopt;
  if (exponent > 1000 || exponent < -1000) return std::nullopt;
  return exponent;
}

/// Whether there is a digit and nothing else but one point.
bool is_plain(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  const auto others = static_cast<std::ptrdiff_t>(text.size()) - digits;
  return digits > 0 && (others == 0 || (others == 1 && text.find('.') != std::string_view::npos));
}

/// value * factor + more.
void multiply_add(Int256& value, uint64_t factor, uint64_t more) {
  UInt128 carry = more;
  for (uint64_t& word : value) {
    carry += UInt128{word} * factor;
    word = static_cast<uint64_t>(carry);
    carry >>= 64;
  }
}

/// Takes digits in one after the other, as many at a time as a word holds.
class DigitReader {
 public:
  void add(char digit) {
    chunk_ = chunk_ * 10 + static_cast<uint64_t>(digit - '0');
    factor_ *= 10;
    if (factor_ == kMostFactor) flush();
  }
  Int256 value() {
    flush();
    return value_;
  }

 private:
  static constexpr uint64_t kMostFactor = 1'000'000'000'000'000'000;

  void flush() {
    multiply_add(value_, factor_, chunk_);
    chunk_ = 0;
    factor_ = 1;
  }

  Int256 value_{};
  uint64_t chunk_ = 0;
  uint64_t factor_ = 1;
};

void negate(Int256& value) {
  uint64_t carry = 1;
  for (uint64_t& word : value) {
    word = ~word + carry;
    carry = carry == 1 && word == 0 ? 1 : 0;
  }
}

}  // namespace

std::optional<Int256> read_decimal(std::string_view text, int precision, int scale) {
  text = trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::optional<int> exponent = take_exponent(text);
  if (!exponent || !is_plain(text)) return std::nullopt;
  const size_t point = std::min(text.find('.'), text.size());
  int behind = static_cast<int>(text.size() - std::min(point + 1, text.size())) - *exponent;
  while (behind > scale && !text.empty() && (text.back() == '0' || text.back() == '.')) {
    if (text.back() == '0') --behind;
    text.remove_suffix(1);
  }
  const size_t first = std::min(text.find_first_not_of("0."), text.size());
  text.remove_prefix(first);
  if (text.empty()) return Int256{};
  if (behind > scale) return std::nullopt;
  const size_t digits = text.size() - (point >= first && point < first + text.size() ? 1 : 0);
  const auto zeros = static_cast<size_t>(scale - behind);
  if (digits + zeros > static_cast<size_t>(precision)) return std::nullopt;
  DigitReader reader;
  for (const char c : text) {
    if (c != '.') reader.add(c);
  }
  for (size_t i = 0; i < zeros; ++i) reader.add('0');
  Int256 value = reader.value();
  if (negative) negate(value);
  return value;
}

void write_decimal(char* out, const Int256& value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) {
    out[bytes - 1 - i] = static_cast<char>(value.at(i / 8) >> (i % 8 * 8) & 0xff);
  }
}

}  // namespace sluice

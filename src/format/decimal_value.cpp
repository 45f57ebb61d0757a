#include "format/decimal_value.h"

#include <charconv>

#include "base/encoding.h"

namespace sluice {
namespace {

/// Digits without the point, and how many of them stand behind it.
struct Digits {
  std::string digits;
  int behind = 0;
};

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
  return exponent;
}

std::optional<Digits> split(std::string_view text) {
  const std::optional<int> exponent = take_exponent(text);
  if (!exponent || *exponent > 1000 || *exponent < -1000) return std::nullopt;
  Digits out;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (is_digit(c)) {
      out.digits += c;
      if (point) ++out.behind;
    } else {
      return std::nullopt;
    }
  }
  if (out.digits.empty()) return std::nullopt;
  out.behind -= *exponent;
  return out;
}

}  // namespace

std::optional<Int128> read_decimal(std::string_view text, int precision, int scale) {
  text = trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::optional<Digits> parts = split(text);
  if (!parts) return std::nullopt;
  while (parts->behind > scale && parts->digits.ends_with('0')) {
    parts->digits.pop_back();
    --parts->behind;
  }
  const size_t first = parts->digits.find_first_not_of('0');
  if (first == std::string::npos) return Int128{0};
  if (parts->behind > scale) return std::nullopt;
  parts->digits.erase(0, first);
  const size_t zeros = static_cast<size_t>(scale - parts->behind);
  if (parts->digits.size() + zeros > static_cast<size_t>(precision)) return std::nullopt;
  parts->digits.append(zeros, '0');
  Int128 value = 0;
  for (const char c : parts->digits) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::string decimal_bytes(Int128 value) {
  std::string bytes(sizeof value, '\0');
  for (size_t i = bytes.size(); i-- > 0; value >>= 8) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(value & 0xff));
  }
  return bytes;
}

}  // namespace sluice

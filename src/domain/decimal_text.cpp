#include "domain/decimal_text.h"

#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace sluice {
namespace {

/// Beyond it only zero would fit any precision.
constexpr int kMostExponent = 1000;

/// A number without its point.
struct Digits {
  std::string digits;
  int behind = 0;  ///< Digits behind the point; below zero: zeros that are not written.
};

std::optional<Digits> read_digits(std::string_view text) {
  Digits out;
  bool point = false;
  while (!text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'))) {
    if (text[0] == '.') {
      if (point) return std::nullopt;
      point = true;
    } else {
      out.digits += text[0];
      if (point) ++out.behind;
    }
    text.remove_prefix(1);
  }
  if (out.digits.empty()) return std::nullopt;
  if (text.empty()) return out;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (exponent > kMostExponent || exponent < -kMostExponent) return std::nullopt;
  out.behind -= exponent;
  return out;
}

}  // namespace

std::optional<std::string> decimal_text(std::string_view text, int precision, int scale) {
  text = trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::optional<Digits> number = read_digits(text);
  if (!number) return std::nullopt;
  std::string& digits = number->digits;
  digits.erase(0, digits.find_first_not_of('0'));
  const bool zero = digits.empty();
  while (number->behind > scale && digits.ends_with('0')) {
    digits.pop_back();
    --number->behind;
  }
  if (zero) number->behind = scale;
  if (number->behind > scale) return std::nullopt;
  const auto zeros = static_cast<size_t>(scale - number->behind);
  if (digits.size() + zeros > static_cast<size_t>(precision)) return std::nullopt;
  digits.append(zeros, '0');
  const auto behind = static_cast<size_t>(scale);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (behind > 0) digits.insert(digits.size() - behind, 1, '.');
  if (negative && !zero) digits.insert(digits.begin(), '-');
  return std::move(digits);
}

}  // namespace sluice

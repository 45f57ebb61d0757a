#include "data/value_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace sluice {
namespace {

char* copy(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// Prints `units / 10^decimals`, at least one decimal, without zeros behind the last digit.
char* write_decimal(char* out, int64_t units, int64_t scale, int decimals) {
  if (units < 0) {
    *out++ = '-';
    units = -units;
  }
  out = write_integer(out, units / scale);
  *out++ = '.';
  int64_t fraction = units % scale;
  for (int i = decimals - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  out += decimals;
  while (out[-1] == '0' && out[-2] != '.') --out;
  return out;
}

/// Most reals in tables are money, ratios or coordinates with a few decimals; this is several times
/// as fast as the general way. Right because a division of two exact doubles is correctly rounded,
/// as reading the decimal would be, and because no two decimals of up to 15 digits share a double.
char* write_short_real(char* out, double value, double scale, int decimals) {
  constexpr double kMostUnits = 1e15;
  const double scaled = value * scale;
  if (!(std::fabs(scaled) < kMostUnits)) return nullptr;
  const auto units = static_cast<int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  if (units == 0 || static_cast<double>(units) / scale != value) return nullptr;
  return write_decimal(out, units, static_cast<int64_t>(scale), decimals);
}

template <class Real>
char* write_shortest(char* out, Real value) {
  if (std::isnan(value)) return copy(out, "NaN");
  if (std::isinf(value)) return copy(out, value < 0 ? "-Inf" : "Inf");
  const Real size = std::fabs(value);
  const bool plain = size == 0 || (size >= Real(1e-4) && size < Real(1e16));
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  char* end = std::to_chars(out, out + kNumberBytes, value, format).ptr;
  const std::string_view text(out, static_cast<size_t>(end - out));
  if (plain && text.find('.') == std::string_view::npos) end = copy(end, ".0");
  return end;
}

/// From 2^24 on, where a float is a whole number: its shortest digits, then zeros.
char* write_large_single(char* out, float value) {
  std::array<char, kNumberBytes> text{};
  const char* end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific)
          .ptr;
  const std::string_view digits(text.data(), static_cast<size_t>(end - text.data()));
  const size_t mark = digits.find('e');
  int zeros = 0;
  std::from_chars(digits.data() + mark + 2, end, zeros);  // Behind `e+`.
  bool behind_point = false;
  for (const char c : digits.substr(0, mark)) {
    if (c == '.') {
      behind_point = true;
      continue;
    }
    *out++ = c;
    if (behind_point) --zeros;
  }
  for (; zeros > 0; --zeros) *out++ = '0';
  return copy(out, ".0");
}

}  // namespace

char* write_integer(char* out, int64_t value) {
  return std::to_chars(out, out + kNumberBytes, value).ptr;
}

char* write_real(char* out, double value) {
  if (char* end = write_short_real(out, value, 100, 2)) return end;
  if (char* end = write_short_real(out, value, 1e6, 6)) {
    // Below 1e-4 the exponent form is the rule.
    if (std::fabs(value) >= 1e-4) return end;
  }
  return write_shortest(out, value);
}

char* write_single(char* out, float value) {
  const float size = std::fabs(value);
  // All digits of a large float would be more than it takes to tell it from others.
  return size >= 0x1p24F && size < 1e16F ? write_large_single(out, value)
                                         : write_shortest(out, value);
}

void append_integer(std::string& out, int64_t value) {
  std::array<char, kNumberBytes> text{};
  out.append(text.data(), write_integer(text.data(), value));
}

void append_real(std::string& out, double value) {
  std::array<char, kNumberBytes> text{};
  out.append(text.data(), write_real(text.data(), value));
}

}  // namespace sluice

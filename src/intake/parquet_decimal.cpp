#include "intake/parquet_decimal.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "intake/page_bytes.h"

namespace sluice {
namespace {

constexpr size_t kMostBytes = 32;
constexpr size_t kLimbs = kMostBytes / sizeof(uint32_t);

/// `digits` without a sign and without zeros in front.
void append_pointed(std::string& out, bool negative, std::string_view digits, int scale) {
  const auto behind = static_cast<size_t>(scale);
  if (negative) out += '-';
  const size_t before = digits.size() > behind ? digits.size() - behind : 0;
  if (before == 0) out += '0';
  out += digits.substr(0, before);
  if (behind == 0) return;
  out += '.';
  out.append(behind - (digits.size() - before), '0');
  out += digits.substr(before);
}

/// Divides by 10^9 and returns the rest; the highest limb comes first.
uint32_t divide(std::array<uint32_t, kLimbs>& number) {
  constexpr uint64_t kBillion = 1000000000;
  uint64_t rest = 0;
  for (uint32_t& limb : number) {
    rest = rest << 32 | limb;
    limb = static_cast<uint32_t>(rest / kBillion);
    rest %= kBillion;
  }
  return static_cast<uint32_t>(rest);
}

/// Bytes in front that only repeat the sign are left out.
std::string_view without_sign_bytes(std::string_view bytes) {
  while (bytes.size() > kMostBytes) {
    const char fill = bytes[1] < 0 ? '\xff' : '\0';
    if (bytes[0] != fill) fail_damaged("a decimal has more digits than there are in any decimal");
    bytes.remove_prefix(1);
  }
  return bytes;
}

/// The digits of a large number, nine at a time from the end; at most 78.
std::string digits_of(std::array<uint32_t, kLimbs> number) {
  std::string digits;
  const auto is_zero = [](uint32_t limb) { return limb == 0; };
  while (!std::all_of(number.begin(), number.end(), is_zero)) {
    uint32_t nine = divide(number);
    for (int i = 0; i < 9; ++i, nine /= 10) digits += static_cast<char>('0' + nine % 10);
  }
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

void append_decimal_text(std::string& out, int64_t unscaled, int scale) {
  char digits[24];
  const auto bits = static_cast<uint64_t>(unscaled);
  const uint64_t size = unscaled < 0 ? ~bits + 1 : bits;
  const char* const end = std::to_chars(digits, digits + sizeof digits, size).ptr;
  const std::string_view text(digits, static_cast<size_t>(end - digits));
  append_pointed(out, unscaled < 0, size == 0 ? std::string_view() : text, scale);
}

void append_decimal_text(std::string& out, std::string_view unscaled, int scale) {
  const std::string_view bytes = without_sign_bytes(unscaled);
  const bool negative = !bytes.empty() && bytes[0] < 0;
  if (bytes.size() <= sizeof(int64_t)) {
    uint64_t bits = negative ? ~uint64_t{0} : 0;
    for (const char byte : bytes) bits = bits << 8 | static_cast<uint8_t>(byte);
    return append_decimal_text(out, static_cast<int64_t>(bits), scale);
  }
  std::array<uint32_t, kLimbs> number{};
  number.fill(negative ? ~uint32_t{0} : 0);
  for (size_t i = 0; i < bytes.size(); ++i) {
    uint32_t& limb = number[kLimbs - 1 - (bytes.size() - 1 - i) / 4];
    limb = limb << 8 | static_cast<uint8_t>(bytes[i]);
  }
  if (negative) {
    uint64_t carry = 1;
    for (size_t i = kLimbs; i-- > 0;) {
      carry += static_cast<uint32_t>(~number[i]);
      number[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  append_pointed(out, negative, digits_of(number), scale);
}

}  // namespace sluice

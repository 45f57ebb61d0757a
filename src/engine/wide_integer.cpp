#include "engine/wide_integer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice {
namespace {

constexpr size_t kMostLimbs = 8;
/// 2^256 has 78 digits.
constexpr size_t kMostDigits = 80;
constexpr uint64_t kPieceValue = 1'000'000'000;
constexpr size_t kPieceDigits = 9;

using Limbs = std::array<uint32_t, kMostLimbs>;

void negate(Limbs& limbs, size_t count) {
  uint64_t carry = 1;
  for (size_t i = 0; i < count; ++i) {
    carry += static_cast<uint32_t>(~limbs[i]);
    limbs[i] = static_cast<uint32_t>(carry);
    carry >>= 32U;
  }
}

/// Divides in place; returns the remainder.
uint32_t divide(Limbs& limbs, size_t count) {
  uint64_t rest = 0;
  for (size_t i = count; i-- > 0;) {
    rest = rest << 32U | limbs[i];
    limbs[i] = static_cast<uint32_t>(rest / kPieceValue);
    rest %= kPieceValue;
  }
  return static_cast<uint32_t>(rest);
}

/// Writes the digits so that they end at `end`; returns where they begin.
char* write_digits(char* end, Limbs limbs, size_t count) {
  while (count > 0 && limbs[count - 1] == 0) --count;
  while (count > 0) {
    uint32_t piece = divide(limbs, count);
    while (count > 0 && limbs[count - 1] == 0) --count;
    for (size_t i = 0; i < kPieceDigits && (count > 0 || piece > 0); ++i) {
      *--end = static_cast<char>('0' + piece % 10);
      piece /= 10;
    }
  }
  return end;
}

}  // namespace

void append_wide_integer(std::string& out, const char* value, size_t bytes, bool is_signed,
                         int scale) {
  Limbs limbs{};
  const size_t count = bytes / sizeof(uint32_t);
  std::memcpy(limbs.data(), value, bytes);
  const bool negative = is_signed && (limbs.at(count - 1) >> 31U) != 0;
  if (negative) negate(limbs, count);
  std::array<char, kMostDigits> digits{};
  char* const end = digits.data() + digits.size();
  char* begin = write_digits(end, limbs, count);
  // At least one digit before the point.
  while (end - begin <= scale) *--begin = '0';
  if (negative) out += '-';
  out.append(begin, end - scale);
  if (scale == 0) return;
  out += '.';
  out.append(end - scale, end);
}

}  // namespace sluice

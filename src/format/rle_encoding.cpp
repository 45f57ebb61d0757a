#include "format/rle_encoding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "format/thrift_writer.h"

namespace sluice {
namespace {

constexpr size_t kGroup = 8;  ///< Values are packed in groups of so many.

/// Packs kGroup values into Width bytes. Width is known at compile time: every shift is a constant.
template <unsigned Width>
void pack_group(const uint32_t* values, char* out) {
  constexpr size_t kWords = (Width + 7) / 8;
  std::array<uint64_t, kWords> words{};
  const auto put = [&]<size_t kPlace>(std::integral_constant<size_t, kPlace>) {
    constexpr size_t kBit = kPlace * Width;
    constexpr size_t kWord = kBit / 64;
    constexpr size_t kShift = kBit % 64;
    const uint64_t value = values[kPlace];
    words[kWord] |= value << kShift;
    if constexpr (kShift + Width > 64) words[kWord + 1] |= value >> (64 - kShift);
  };
  [&]<size_t... kPlaces>(std::index_sequence<kPlaces...>) {
    (put(std::integral_constant<size_t, kPlaces>()), ...);
  }
  (std::make_index_sequence<kGroup>());
  std::memcpy(out, words.data(), Width);
}

template <unsigned Width>
void pack_groups(const uint32_t* values, size_t groups, char* out) {
  for (; groups > 0; --groups, values += kGroup, out += Width) pack_group<Width>(values, out);
}

using PackGroups = void (*)(const uint32_t*, size_t, char*);

/// The function for each width from 1 to 32.
constexpr auto kPackers = []<unsigned... kWidths>(std::integer_sequence<unsigned, kWidths...>) {
  return std::array<PackGroups, sizeof...(kWidths)>{pack_groups<kWidths + 1>...};
}
(std::make_integer_sequence<unsigned, 32>());

/// The last group may be short; it is filled up with 0.
void append_packed(std::string& out, std::span<const uint32_t> values, unsigned width) {
  if (values.empty()) return;
  const size_t groups = (values.size() + kGroup - 1) / kGroup;
  append_varint(out, groups << 1 | 1);
  const size_t start = out.size();
  out.resize(start + groups * width);
  const size_t whole = values.size() / kGroup;
  kPackers[width - 1](values.data(), whole, out.data() + start);
  if (whole == groups) return;
  std::array<uint32_t, kGroup> last{};
  std::copy(values.begin() + static_cast<std::ptrdiff_t>(whole * kGroup), values.end(),
            last.begin());
  kPackers[width - 1](last.data(), 1, out.data() + start + whole * width);
}

void append_run(std::string& out, uint32_t value, size_t count, unsigned width) {
  append_varint(out, count << 1);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, (width + 7) / 8);
}

bool all_equal(const uint32_t* values) {
  uint32_t different = 0;
  for (size_t i = 1; i < kGroup; ++i) different |= values[i] ^ values[0];
  return different == 0;
}

}  // namespace

unsigned bit_width(uint32_t highest) {
  return std::max(1U, static_cast<unsigned>(std::bit_width(highest)));
}

void append_rle(std::string& out, std::span<const uint32_t> values, unsigned width) {
  // A run costs two headers (its own, and that of the packed values it interrupts) and a value.
  const size_t worth = width < 4 ? 4 * kGroup : kGroup;
  size_t packed = 0;  // Where the values begin that are not written yet.
  size_t at = 0;
  while (at + kGroup <= values.size()) {
    if (!all_equal(values.data() + at)) {
      at += kGroup;
      continue;
    }
    size_t end = at + kGroup;
    while (end < values.size() && values[end] == values[at]) ++end;
    if (end - at < worth) {
      at += kGroup;
      continue;
    }
    append_packed(out, values.subspan(packed, at - packed), width);
    append_run(out, values[at], end - at, width);
    packed = at = end;
  }
  append_packed(out, values.subspan(packed), width);
}

void append_rle_run(std::string& out, bool value, size_t count) {
  append_run(out, value ? 1 : 0, count, 1);
}

void append_rle_bits(std::string& out, const BitVector& bits, size_t first, size_t count) {
  const size_t ones = bits.ones(first, count);
  if (ones == 0 || ones == count) return append_rle_run(out, ones > 0, count);
  append_varint(out, (count + 7) / 8 << 1 | 1);
  bits.append_to(out, first, count);
}

}  // namespace sluice

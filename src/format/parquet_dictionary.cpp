#include "format/parquet_dictionary.h"

#include <bit>
#include <cstring>
#include <utility>

#include "format/rle_encoding.h"

namespace sluice {
namespace {

static_assert(std::endian::native == std::endian::little,
              "bytes are hashed as little-endian words");

constexpr uint64_t kOdd1 = 0xa0761d6478bd642f;
constexpr uint64_t kOdd2 = 0xe7037ed1a0b428db;

template <class Word>
uint64_t load(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

/// Every byte of one to seven, some of them twice.
uint64_t load_short(const char* bytes, size_t size) {
  if (size >= 4) return load<uint32_t>(bytes) << 32 | load<uint32_t>(bytes + size - 4);
  return load<uint8_t>(bytes) << 16 | load<uint8_t>(bytes + size / 2) << 8 |
         load<uint8_t>(bytes + size - 1);
}

uint64_t mix(uint64_t state, uint64_t word) {
  state = (state ^ word) * kOdd1;
  return state ^ (state >> 29);
}

}  // namespace

uint32_t hash_bytes(std::string_view bytes) {
  uint64_t state = bytes.size() * kOdd2;
  const char* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) state = mix(state, load<uint64_t>(at));
  if (left > 0) {
    // The last eight bytes, some of them seen before; or what there is of fewer.
    state = mix(state, bytes.size() >= 8 ? load<uint64_t>(at + left - 8) : load_short(at, left));
  }
  state *= kOdd2;
  return static_cast<uint32_t>(state >> 32);
}

void DictionaryIndex::grow() {
  constexpr size_t kFirst = 32;
  std::vector<Slot> old = std::exchange(slots_, {});
  slots_.resize(old.empty() ? kFirst : old.size() * 2);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.id == kNone) continue;
    size_t at = slot.hash & mask_;
    while (slots_[at].id != kNone) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
  // An empty table is grown within `find`, which sets the place itself.
}

void DictionaryIndex::clear() {
  slots_ = {};
  mask_ = 0;
  size_ = 0;
}

bool dictionary_rule::pays(const Seen& seen, size_t plain_bytes, size_t dictionary_bytes) {
  constexpr size_t kPageHeader = 64;
  if (seen.distinct == 0) return false;
  const size_t id_bits = bit_width(static_cast<uint32_t>(seen.distinct - 1));
  return dictionary_bytes + seen.values * id_bits / 8 + kPageHeader < plain_bytes / 4 * 3;
}

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice {

/// Of equal bytes the same number on every machine, so that a file does not depend on where it was
/// written. Not safe against chosen values: those make a dictionary slow to build, never wrong.
uint32_t hash_bytes(std::string_view bytes);
inline uint32_t hash_number(uint64_t bits) {
  bits ^= bits >> 32;
  bits *= 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio.
  return static_cast<uint32_t>(bits >> 32);
}

/// Finds the ids of values by their hash; the values themselves stand elsewhere. Ids are given in
/// rising order from 0. One thread at a time.
class DictionaryIndex {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  /// The id for which `equal(id)` is true, among those added with this hash; kNone if there is
  /// none: then `add` may follow.
  template <class Equal>
  uint32_t find(uint32_t hash, Equal equal) {
    if (slots_.empty()) grow();
    for (at_ = hash & mask_; slots_[at_].id != kNone; at_ = (at_ + 1) & mask_) {
      if (slots_[at_].hash == hash && equal(slots_[at_].id)) return slots_[at_].id;
    }
    return kNone;
  }
  /// Adds the value that `find` has just not found; returns its id.
  uint32_t add(uint32_t hash) {
    slots_[at_] = {hash, size_};
    if (++size_ * size_t{2} > slots_.size()) grow();
    return size_ - 1;
  }

  uint32_t size() const { return size_; }
  size_t bytes() const { return slots_.size() * sizeof(Slot); }
  /// Forgets the values and frees the memory.
  void clear();

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t id = kNone;
  };

  void grow();

  std::vector<Slot> slots_;  ///< Open addressing; a power of two, at most half full.
  size_t mask_ = 0;
  size_t at_ = 0;
  uint32_t size_ = 0;
};

/// When a column is written with a dictionary. Depends on the values alone, not on the batches they
/// come in: the same rows are the same file.
namespace dictionary_rule {

/// A dictionary holds at most so many bytes of values; those of later rows are written plain.
inline constexpr size_t kMostBytes = 1024 * 1024;

/// How many values were seen, and how many of them differ.
struct Seen {
  size_t values = 0;
  size_t distinct = 0;
  size_t early_distinct = 0;  ///< Among the first kEarly.
};
inline constexpr size_t kEarly = 8192;

/// Whether so many values are new that a dictionary won't be worth its time. Asked only when a new
/// one came.
inline bool is_hopeless(const Seen& seen) {
  constexpr size_t kFirstLook = 4096;
  constexpr size_t kSecondLook = 2 * kEarly;
  if (seen.values < kFirstLook) return false;
  // Taken at random from 30,000 different values, 15 of 16 are new at the first look.
  if (seen.values < kSecondLook) return seen.distinct > seen.values - seen.values / 16;
  // Those that repeat soon or never (times that rise) compress better as they are. Of values taken
  // at random from up to 10,000 fewer than 3 of 8 are new after the early ones.
  return (seen.distinct - seen.early_distinct) * 8 > (seen.values - kEarly) * 3;
}

/// Whether values of `plain_bytes` take clearly less as ids and a dictionary of `dictionary_bytes`.
bool pays(const Seen& seen, size_t plain_bytes, size_t dictionary_bytes);

}  // namespace dictionary_rule

}  // namespace sluice

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/sql_call.h"

namespace sluice {

/// 128 bits of a row's values: equal values, also 1 and 1.0, have the same; that others do is as
/// likely as never.
struct Fingerprint {
  uint64_t high = 0;
  uint64_t low = 0;
  bool operator==(const Fingerprint&) const = default;
};
Fingerprint fingerprint_of(const SqlCall& call, size_t first, size_t count);

/// A set of fingerprints in one stretch of memory.
class ValueSet {
 public:
  /// Whether it was not in the set yet.
  bool insert(const Fingerprint& value);
  size_t size() const { return count_; }
  size_t bytes() const { return slots_.size() * sizeof(Fingerprint); }
  /// What the next insertion would make of `bytes`, with what is copied meanwhile.
  size_t bytes_when_grown() const;
  /// Keeps those whose `low` has its last `bits` bits zero.
  void thin_out(unsigned bits);

 private:
  bool is_full() const { return (count_ + 1) * 4 > slots_.size() * 3; }
  void rebuild(size_t slots);
  bool put(const Fingerprint& value);

  std::vector<Fingerprint> slots_;
  size_t count_ = 0;
};

}  // namespace sluice

#include "engine/value_set.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace sluice {
namespace {

constexpr size_t kFewestSlots = 64;
/// Odd numbers without a pattern.
constexpr uint64_t kFirstFactor = 0x9E3779B97F4A7C15;
constexpr uint64_t kSecondFactor = 0xD6E8FEB86659FD93;

/// Spreads every bit over all others.
uint64_t stirred(uint64_t value) {
  value ^= value >> 32U;
  value *= kSecondFactor;
  value ^= value >> 29U;
  value *= kFirstFactor;
  return value ^ value >> 32U;
}

class Stirrer {
 public:
  void add(uint64_t word) {
    state_.high = stirred(state_.high ^ word * kFirstFactor);
    state_.low = stirred(state_.low + word) ^ state_.high;
  }
  void add(std::string_view bytes) {
    add(bytes.size());
    while (!bytes.empty()) {
      uint64_t word = 0;
      const size_t size = std::min(bytes.size(), sizeof word);
      std::memcpy(&word, bytes.data(), size);
      add(word);
      bytes.remove_prefix(size);
    }
  }
  Fingerprint result() const {
    const Fingerprint out{stirred(state_.high + kSecondFactor), stirred(state_.low ^ kFirstFactor)};
    // All zeros is a slot that is free.
    return out == Fingerprint{} ? Fingerprint{0, 1} : out;
  }

 private:
  Fingerprint state_{kSecondFactor, kFirstFactor};
};

enum Tag : uint64_t { kNull, kWhole, kReal, kText, kBlob };

void add_real(Stirrer& stirrer, double number) {
  if (number >= -0x1p63 && number < 0x1p63 && number == std::trunc(number)) {
    stirrer.add(kWhole);
    return stirrer.add(static_cast<uint64_t>(static_cast<int64_t>(number)));
  }
  uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  stirrer.add(kReal);
  stirrer.add(bits);
}

}  // namespace

Fingerprint fingerprint_of(const SqlCall& call, size_t first, size_t count) {
  Stirrer stirrer;
  for (size_t i = first; i < first + count; ++i) {
    switch (call.type(i)) {
      case SQLITE_NULL:
        stirrer.add(kNull);
        break;
      case SQLITE_INTEGER:
        stirrer.add(kWhole);
        stirrer.add(static_cast<uint64_t>(call.integer(i)));
        break;
      case SQLITE_FLOAT:
        add_real(stirrer, call.real(i));
        break;
      case SQLITE_TEXT:
        stirrer.add(kText);
        stirrer.add(call.text(i));
        break;
      default:
        stirrer.add(kBlob);
        stirrer.add(call.text(i));
    }
  }
  return stirrer.result();
}

bool ValueSet::insert(const Fingerprint& value) {
  if (is_full()) rebuild(std::max(kFewestSlots, slots_.size() * 2));
  return put(value);
}

size_t ValueSet::bytes_when_grown() const { return is_full() ? bytes() * 3 : bytes(); }

bool ValueSet::put(const Fingerprint& value) {
  const size_t mask = slots_.size() - 1;
  for (size_t at = value.high & mask;; at = (at + 1) & mask) {
    if (slots_[at] == value) return false;
    if (slots_[at] == Fingerprint{}) {
      slots_[at] = value;
      ++count_;
      return true;
    }
  }
}

void ValueSet::rebuild(size_t slots) {
  std::vector<Fingerprint> before(slots);
  before.swap(slots_);
  count_ = 0;
  for (const Fingerprint& value : before) {
    if (value != Fingerprint{}) put(value);
  }
}

void ValueSet::thin_out(unsigned bits) {
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  for (Fingerprint& value : slots_) {
    if ((value.low & mask) != 0) value = {};
  }
  rebuild(slots_.size());
}

}  // namespace sluice

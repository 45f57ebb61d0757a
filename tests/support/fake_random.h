#pragma once

#include <cstdint>
#include <mutex>

#include "base/random.h"

namespace sluice {

/// The same bytes in every run for the same seed (splitmix64, a public-domain generator). Not fit
/// for keys. Thread-safe.
class FakeRandom final : public Random {
 public:
  explicit FakeRandom(uint64_t seed = 1) : state_(seed) {}

  void fill(void* bytes, size_t size) override {
    std::scoped_lock lock(mutex_);
    auto* out = static_cast<unsigned char*>(bytes);
    for (size_t i = 0; i < size; ++i) {
      if (i % 8 == 0) word_ = next();
      out[i] = static_cast<unsigned char>(word_ >> (8 * (i % 8)));
    }
  }

 private:
  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  std::mutex mutex_;
  uint64_t state_;
  uint64_t word_ = 0;
};

}  // namespace sluice

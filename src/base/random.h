#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace sluice {

/// Owns chance: ids, tokens, keys, jitter. Implementations are thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  /// Fills `size` bytes; from the system source they are fit for keys.
  virtual void fill(void* bytes, size_t size) = 0;

  std::string bytes(size_t count);
  /// `count` random bytes as 2*count lower-case hex digits.
  std::string hex(size_t count);
  /// A version 4 UUID (RFC 9562, section 5.4) in its text form.
  std::string uuid();
  /// Uniform in [0, bound); 0 when bound is 0.
  uint64_t below(uint64_t bound);
};

/// getrandom(2).
std::unique_ptr<Random> make_system_random();

}  // namespace sluice

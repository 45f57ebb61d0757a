#pragma once

#include <cstdlib>
#include <string>

namespace sluice {

/// How many executions a fuzz test makes: as many as SLUICE_FUZZ says, or `by_default`.
inline size_t executions(size_t by_default) {
  const char* wanted = std::getenv("SLUICE_FUZZ");
  return wanted == nullptr ? by_default : std::stoull(wanted);
}

/// What the random choices begin with: SLUICE_SEED, or `by_default`.
inline uint32_t fuzz_seed(uint32_t by_default) {
  const char* wanted = std::getenv("SLUICE_SEED");
  return wanted == nullptr ? by_default : static_cast<uint32_t>(std::stoull(wanted));
}

}  // namespace sluice

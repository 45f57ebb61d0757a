#include "base/memory.h"

#include <malloc.h>

namespace sluice {

void configure_memory() {
  // glibc raises the threshold by itself to the largest piece that was freed, up to 32 MiB: then
  // blocks and row groups come from the heaps, which keep them.
  constexpr int kOwnMapping = 4 * 1024 * 1024;
  constexpr int kHeaps = 8;
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  mallopt(M_ARENA_MAX, kHeaps);
}

void release_free_memory() { malloc_trim(0); }

}  // namespace sluice

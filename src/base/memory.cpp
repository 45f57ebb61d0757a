#include "base/memory.h"

#include <malloc.h>
#include <sys/prctl.h>

namespace sluice {

void configure_memory() {
  // glibc raises the threshold by itself to the largest piece that was freed, up to 32 MiB: then
  // blocks and row groups come from the heaps, which keep them.
  constexpr int kOwnMapping = 4 * 1024 * 1024;
  constexpr int kHeaps = 8;
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  mallopt(M_ARENA_MAX, kHeaps);
}

void forbid_core_dumps() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  prctl(PR_SET_DUMPABLE, 0);  // RLIMIT_CORE would not stop a kernel that pipes dumps to a program.
#endif
}

void release_free_memory() { malloc_trim(0); }

}  // namespace sluice

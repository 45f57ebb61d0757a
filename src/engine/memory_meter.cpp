#include "engine/memory_meter.h"

#include <sqlite3.h>

namespace sluice {
namespace {

thread_local MemoryMeter* meter_of_thread = nullptr;

/// SQLite's own allocator, which does the work.
sqlite3_mem_methods& own() {
  static sqlite3_mem_methods methods{};
  return methods;
}

}  // namespace

/// What SQLite calls in its place (sqlite.org/c3ref/mem_methods.html).
struct MeteredCalls {
  static void* allocate(int size) {
    MemoryMeter* const meter = meter_of_thread;
    if (meter == nullptr) return own().xMalloc(size);
    if (!meter->takes(size)) return nullptr;
    void* const memory = own().xMalloc(size);
    if (memory != nullptr) meter->used_ += own().xSize(memory);
    return memory;
  }
  static void release(void* memory) {
    if (MemoryMeter* const meter = meter_of_thread; meter != nullptr && memory != nullptr) {
      meter->used_ -= own().xSize(memory);
    }
    own().xFree(memory);
  }
  static void* resize(void* memory, int size) {
    MemoryMeter* const meter = meter_of_thread;
    if (meter == nullptr) return own().xRealloc(memory, size);
    const int before = own().xSize(memory);
    if (!meter->takes(size - before)) return nullptr;
    void* const moved = own().xRealloc(memory, size);
    if (moved != nullptr) meter->used_ += own().xSize(moved) - before;
    return moved;
  }
};

MemoryMeter::On::On(MemoryMeter& meter) { meter_of_thread = &meter; }
MemoryMeter::On::~On() { meter_of_thread = nullptr; }

void MemoryMeter::install() {
  // Once: else the calls would be their own allocator.
  static const bool done = [] {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &own());
    sqlite3_mem_methods metered = own();
    metered.xMalloc = &MeteredCalls::allocate;
    metered.xFree = &MeteredCalls::release;
    metered.xRealloc = &MeteredCalls::resize;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &metered) == SQLITE_OK;
  }();
  static_cast<void>(done);
}

}  // namespace sluice

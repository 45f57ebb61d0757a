#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

/// Counts what SQLite allocates on a thread while it is on, and refuses what goes beyond, which
/// SQLite tells as SQLITE_NOMEM. SQLITE_LIMIT_LENGTH bounds one value; a row can have thousands.
class MemoryMeter {
 public:
  explicit MemoryMeter(size_t most) : most_(static_cast<int64_t>(most)) {}
  MemoryMeter(const MemoryMeter&) = delete;
  MemoryMeter& operator=(const MemoryMeter&) = delete;

  /// The meter is on for this thread as long as this lives; one at a time.
  class On {
   public:
    explicit On(MemoryMeter& meter);
    ~On();
    On(const On&) = delete;
    On& operator=(const On&) = delete;
  };

  /// To be called before SQLite is first used, by a process that is to have meters; without it they
  /// count nothing.
  static void install();

  /// Allocated and not freed while it was on, in bytes, as the allocator rounds them.
  int64_t used() const { return used_; }

 private:
  friend struct MeteredCalls;
  bool takes(int64_t bytes) const { return used_ + bytes <= most_; }

  const int64_t most_;
  int64_t used_ = 0;
};

}  // namespace sluice

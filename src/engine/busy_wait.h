#pragma once

#include <sqlite3.h>

#include <chrono>
#include <stop_token>

#include "base/clock.h"

namespace sluice {

/// How a connection waits for a lock that another process holds
/// (sqlite.org/c3ref/busy_handler.html). It looks again every few milliseconds: SQLite's own
/// handler soon waits 100 ms between two looks, and so misses the gaps that a busy writer leaves
/// between its transactions. Not thread-safe; not movable, since SQLite calls back into it.
class BusyWait {
 public:
  explicit BusyWait(Clock& clock) : clock_(clock) {}
  BusyWait(const BusyWait&) = delete;
  BusyWait& operator=(const BusyWait&) = delete;

  /// Takes the place of the connection's busy timeout; must live as long as the connection.
  void attach_to(sqlite3* connection);
  /// From now on waits at most so long for one lock, and no longer once `stop` is requested.
  void limit(std::chrono::nanoseconds longest, std::stop_token stop);

 private:
  static int on_busy(void* self, int waits);

  Clock& clock_;
  std::chrono::nanoseconds longest_{};
  std::chrono::nanoseconds since_{};
  std::stop_token stop_;
};

}  // namespace sluice

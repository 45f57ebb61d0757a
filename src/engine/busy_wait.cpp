#include "engine/busy_wait.h"

#include <utility>

namespace sluice {
namespace {

/// Uneven, so as not to keep step with the writer.
constexpr std::chrono::milliseconds kShortestPause{1};
constexpr int kPauses = 5;

}  // namespace

void BusyWait::attach_to(sqlite3* connection) {
  sqlite3_busy_handler(connection, &BusyWait::on_busy, this);
}

void BusyWait::limit(std::chrono::nanoseconds longest, std::stop_token stop) {
  longest_ = longest;
  stop_ = std::move(stop);
}

int BusyWait::on_busy(void* self, int waits) {
  auto& wait = *static_cast<BusyWait*>(self);
  const std::chrono::nanoseconds now = wait.clock_.ticks();
  if (waits == 0) wait.since_ = now;
  if (now - wait.since_ >= wait.longest_) return 0;
  return wait.clock_.sleep(kShortestPause * (1 + waits % kPauses), wait.stop_) ? 0 : 1;
}

}  // namespace sluice

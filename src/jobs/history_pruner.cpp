#include "jobs/history_pruner.h"

#include <exception>
#include <string>

#include "base/log.h"

namespace sluice {
namespace {

constexpr std::chrono::minutes kLookEvery{10};
constexpr size_t kAtOnce = 500;

}  // namespace

size_t HistoryPruner::prune(Timestamp now, const std::stop_token& stop) {
  size_t all = 0;
  while (!stop.stop_requested()) {
    const size_t removed = jobs_.prune(now - keep_, kAtOnce);
    all += removed;
    if (removed < kAtOnce) break;
  }
  return all;
}

void HistoryPruner::start() {
  if (keep_.count() == 0) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

void HistoryPruner::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void HistoryPruner::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      const size_t removed = prune(clock_.now(), stop);
      if (removed > 0) log_info(std::to_string(removed) + " old jobs left the history.");
    } catch (const std::exception& error) {
      log_error(std::string("The history can't be pruned: ") + error.what());
    }
    clock_.sleep(kLookEvery, stop);
  }
}

}  // namespace sluice

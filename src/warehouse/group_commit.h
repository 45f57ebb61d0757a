#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "warehouse/warehouse.h"

namespace sluice {

/// What events have come to since the start.
struct EventFigures {
  uint64_t rows = 0;
  uint64_t quarantined = 0;
  uint64_t commits = 0;  ///< Transactions.
};

/// Joins the events of many small requests into few transactions: while one commits, the next ones
/// gather. Who asks for the least waits least: nothing waits for a timer. Thread-safe.
class GroupCommit {
 public:
  explicit GroupCommit(Warehouse& warehouse) : warehouse_(warehouse) {}
  ~GroupCommit() { stop(); }
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  /// Returns when the rows are committed, as durable as they ask for; what it throws kept all of
  /// them out. Throws kTooMany while too much waits (limits::kWaitingRows, kWaitingBytes), kBusy
  /// when Sluice stops, and what Warehouse says.
  void append(EventRows rows) { submit(std::move(rows)).get(); }
  /// The same, to be waited for with the future.
  std::future<void> submit(EventRows rows);

  /// The step of the loop: commits what waits now, or as much as goes into one transaction, and
  /// says how many requests that were.
  size_t commit_waiting();

  void start();
  /// Takes nothing more, commits what waits, and returns when the thread has ended.
  void stop();

  /// Counts events that were committed another way.
  void count(uint64_t rows, uint64_t quarantined);
  EventFigures figures() const;

 private:
  struct Waiting {
    EventRows events;
    size_t rows = 0;
    size_t bytes = 0;
    std::promise<void> done;
  };
  std::vector<Waiting> take();
  void loop(const std::stop_token& stop);

  Warehouse& warehouse_;
  std::mutex mutex_;
  std::condition_variable_any came_;
  std::deque<Waiting> waiting_;
  size_t rows_ = 0;
  size_t bytes_ = 0;
  bool stopping_ = false;
  std::atomic<uint64_t> taken_{0};
  std::atomic<uint64_t> quarantined_{0};
  std::atomic<uint64_t> commits_{0};
  std::jthread thread_;
};

}  // namespace sluice

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "base/byte_range.h"
#include "door/door_options.h"
#include "door/request_head.h"

namespace sluice {

/// How many bytes of bodies may be on the disk at one time. Thread-safe.
class SpoolBudget {
 public:
  explicit SpoolBudget(uint64_t most) : most_(most) {}
  /// False, and nothing is taken, where there is not so much left.
  bool take(uint64_t bytes);
  void give_back(uint64_t bytes) { taken_ -= bytes; }
  uint64_t room() const { return most_ - taken_; }

 private:
  const uint64_t most_;
  std::atomic<uint64_t> taken_{0};  ///< Never over most_.
};

inline constexpr Fault kSpoolIsFull{503, "The server holds too many uploads. Try again soon."};

/// Bodies too large for memory, each in a file without a name, so nothing is left of them whatever
/// happens. One thread makes the files, writes and closes them: the poller does not wait for a disk
/// that is slow or for the freeing of a large file. Thread-safe.
class BodySpool {
 public:
  /// What became of a piece.
  struct Written {
    uint64_t id = 0;
    /// 503 when the budget is spent, 507 when the disk refuses; the body is dropped then.
    std::optional<Fault> fault = std::nullopt;
    /// With the last piece: the whole body. Its budget is given back with its last user.
    std::shared_ptr<const ByteRange> body = nullptr;
  };
  /// Called on the spool's thread; must not wait.
  using Tell = std::function<void(Written written)>;

  BodySpool(const DoorOptions& options, std::shared_ptr<SpoolBudget> budget, Tell tell);
  /// As `end`.
  ~BodySpool();

  /// Adds to the body of that id, which begins with its first piece. `tell` is called for each.
  void write(uint64_t id, std::string bytes, bool last);
  /// Forgets what was written of a body.
  void drop(uint64_t id);
  /// Returns when the thread has ended; unfinished bodies are dropped.
  void end();

 private:
  class File;
  struct Task {
    uint64_t id = 0;
    std::string bytes;
    bool last = false;
    bool drop = false;
  };

  void add(Task task);
  void run(const std::stop_token& stop);
  void work(const Task& task);
  std::optional<Fault> append(File& file, std::string_view bytes);
  std::optional<Fault> refuse(int error) const;

  const std::string folder_;
  const uint64_t reserve_;
  const std::shared_ptr<SpoolBudget> budget_;
  const Tell tell_;
  std::unordered_map<uint64_t, std::unique_ptr<File>> files_;  ///< Of the thread alone.
  std::mutex mutex_;
  std::condition_variable_any filled_;
  /// Guarded by mutex_. Each connection waits for its piece before it brings another, which bounds
  /// it.
  std::deque<Task> tasks_;
  std::jthread thread_;  ///< Last: it ends before what it uses.
};

}  // namespace sluice

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>

#include "format/block.h"

namespace sluice {

/// Blocks on their way from the threads that make them to the one that joins them. They are made in
/// parts, numbered from 0 without gaps, one thread to a part; they come out part by part, in the
/// order they were pushed. Bounded: who pushes waits while too much is held, except where the part
/// that is wanted next has nothing to give out. Thread-safe; `pop` is one thread's.
class BlockQueue {
 public:
  explicit BlockQueue(size_t most_bytes) : most_bytes_(most_bytes) {}

  struct Item {
    size_t part = 0;
    Block block;
  };

  /// False when nobody wants it any more: `close` or `fail` was called.
  bool push(size_t part, Block block);
  /// The part is complete. False when nobody wants it any more.
  bool end_part(size_t part);
  /// There are so many parts; without it `pop` waits for the next one.
  void end(size_t parts);
  /// Gives up: `pop` throws it. The first one counts.
  void fail(std::exception_ptr failure);
  /// Nothing more is wanted, or made.
  void close();

  /// The next block; nothing when all parts are out, or after `close`.
  std::optional<Item> pop();
  /// The same, but nothing also when the next one is not there yet.
  std::optional<Item> try_pop();

 private:
  struct Part {
    std::deque<Block> blocks;
    bool ended = false;
  };

  bool skip_ended();
  std::optional<Item> take();

  const size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable made_;
  std::condition_variable taken_;
  std::map<size_t, Part> parts_;
  size_t next_part_ = 0;
  size_t held_bytes_ = 0;
  std::optional<size_t> count_;
  std::exception_ptr failure_;
  bool closed_ = false;
};

}  // namespace sluice

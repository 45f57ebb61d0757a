#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace sluice {

/// Pieces of a result (`bytes`: what they hold) on their way from the threads that make them to the
/// one that joins them. They are made in
/// parts, numbered from 0 without gaps, one thread to a part; they come out part by part, in the
/// order they were pushed. Bounded: who pushes waits while too much is held, except where the part
/// that is wanted next has nothing to give out. Thread-safe; `pop` is one thread's.
template <class Piece>
class PartQueue {
 public:
  explicit PartQueue(size_t most_bytes) : most_bytes_(most_bytes) {}

  struct Item {
    size_t part = 0;
    Piece piece;
  };

  /// False when nobody wants it any more: `close` or `fail` was called.
  bool push(size_t part, Piece piece);
  /// The part is complete. False when nobody wants it any more.
  bool end_part(size_t part);
  /// There are so many parts; without it `pop` waits for the next one.
  void end(size_t parts);
  /// Gives up: `pop` throws it. The first one counts.
  void fail(std::exception_ptr failure);
  /// Nothing more is wanted, or made.
  void close();

  /// The next piece; nothing when all parts are out, or after `close`.
  std::optional<Item> pop();
  /// The same, but nothing also when the next one is not there yet.
  std::optional<Item> try_pop();

 private:
  struct Part {
    std::deque<Piece> pieces;
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

template <class Piece>
bool PartQueue<Piece>::push(size_t part, Piece piece) {
  std::unique_lock lock(mutex_);
  const size_t bytes = piece.bytes.size();
  taken_.wait(lock, [&] {
    const bool is_awaited = part == next_part_ && parts_[part].pieces.empty();
    return closed_ || failure_ || is_awaited || held_bytes_ + bytes <= most_bytes_;
  });
  if (closed_ || failure_) return false;
  held_bytes_ += bytes;
  parts_[part].pieces.push_back(std::move(piece));
  if (part == next_part_) made_.notify_one();
  return true;
}

template <class Piece>
bool PartQueue<Piece>::end_part(size_t part) {
  const std::lock_guard lock(mutex_);
  parts_[part].ended = true;
  if (part == next_part_) made_.notify_one();
  return !closed_ && !failure_;
}

template <class Piece>
void PartQueue<Piece>::end(size_t parts) {
  const std::lock_guard lock(mutex_);
  count_ = parts;
  made_.notify_one();
}

template <class Piece>
void PartQueue<Piece>::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  made_.notify_one();
  taken_.notify_all();
}

template <class Piece>
void PartQueue<Piece>::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  made_.notify_one();
  taken_.notify_all();
}

/// Moves on over parts that are out; true when there is something to be told: a piece, or the end.
template <class Piece>
bool PartQueue<Piece>::skip_ended() {
  while (true) {
    if (count_ && next_part_ >= *count_) return true;
    const auto part = parts_.find(next_part_);
    if (part == parts_.end()) return false;
    if (!part->second.pieces.empty()) return true;
    if (!part->second.ended) return false;
    parts_.erase(part);
    ++next_part_;
    taken_.notify_all();
  }
}

template <class Piece>
std::optional<typename PartQueue<Piece>::Item> PartQueue<Piece>::take() {
  const auto part = parts_.find(next_part_);
  if (part == parts_.end() || part->second.pieces.empty()) return std::nullopt;
  Item item{next_part_, std::move(part->second.pieces.front())};
  part->second.pieces.pop_front();
  held_bytes_ -= item.piece.bytes.size();
  taken_.notify_all();
  return item;
}

template <class Piece>
std::optional<typename PartQueue<Piece>::Item> PartQueue<Piece>::pop() {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [&] { return failure_ || closed_ || skip_ended(); });
  if (failure_) std::rethrow_exception(failure_);
  if (closed_) return std::nullopt;
  return take();
}

template <class Piece>
std::optional<typename PartQueue<Piece>::Item> PartQueue<Piece>::try_pop() {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return !closed_ && skip_ended() ? take() : std::nullopt;
}

}  // namespace sluice

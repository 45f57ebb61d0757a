#include "pipeline/block_queue.h"

#include <utility>

namespace sluice {

bool BlockQueue::push(size_t part, Block block) {
  std::unique_lock lock(mutex_);
  const size_t bytes = block.bytes.size();
  taken_.wait(lock, [&] {
    const bool is_awaited = part == next_part_ && parts_[part].blocks.empty();
    return closed_ || failure_ || is_awaited || held_bytes_ + bytes <= most_bytes_;
  });
  if (closed_ || failure_) return false;
  held_bytes_ += bytes;
  parts_[part].blocks.push_back(std::move(block));
  if (part == next_part_) made_.notify_one();
  return true;
}

bool BlockQueue::end_part(size_t part) {
  const std::lock_guard lock(mutex_);
  parts_[part].ended = true;
  if (part == next_part_) made_.notify_one();
  return !closed_ && !failure_;
}

void BlockQueue::end(size_t parts) {
  const std::lock_guard lock(mutex_);
  count_ = parts;
  made_.notify_one();
}

void BlockQueue::fail(std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
  made_.notify_one();
  taken_.notify_all();
}

void BlockQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  made_.notify_one();
  taken_.notify_all();
}

/// Moves on over parts that are out; true when there is something to be told: a block, or the end.
bool BlockQueue::skip_ended() {
  while (true) {
    if (count_ && next_part_ >= *count_) return true;
    const auto part = parts_.find(next_part_);
    if (part == parts_.end()) return false;
    if (!part->second.blocks.empty()) return true;
    if (!part->second.ended) return false;
    parts_.erase(part);
    ++next_part_;
    taken_.notify_all();
  }
}

std::optional<BlockQueue::Item> BlockQueue::take() {
  const auto part = parts_.find(next_part_);
  if (part == parts_.end() || part->second.blocks.empty()) return std::nullopt;
  Item item{next_part_, std::move(part->second.blocks.front())};
  part->second.blocks.pop_front();
  held_bytes_ -= item.block.bytes.size();
  taken_.notify_all();
  return item;
}

std::optional<BlockQueue::Item> BlockQueue::pop() {
  std::unique_lock lock(mutex_);
  made_.wait(lock, [&] { return failure_ || closed_ || skip_ended(); });
  if (failure_) std::rethrow_exception(failure_);
  if (closed_) return std::nullopt;
  return take();
}

std::optional<BlockQueue::Item> BlockQueue::try_pop() {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
  return !closed_ && skip_ended() ? take() : std::nullopt;
}

}  // namespace sluice

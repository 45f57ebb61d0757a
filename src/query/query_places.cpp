#include "query/query_places.h"

#include <string>

#include "base/error.h"

namespace sluice {

void QueryPlaces::Place::hold(uint64_t bytes) {
  if (bytes <= held_) return;
  places_.add_bytes(bytes - held_);
  held_ = bytes;
}

QueryPlaces::Place QueryPlaces::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const bool free = left_.wait_for(lock, stop, patience_, [this] { return taken_ < most_; });
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The query was stopped.");
  if (!free) {
    throw Error(ErrorCode::kTooMany,
                "There are " + std::to_string(most_) + " queries at work, as many as there may be.",
                "Ask again in a moment; long queries belong into a sink.");
  }
  ++taken_;
  return Place(*this);
}

void QueryPlaces::add_bytes(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (held_ + bytes > bytes_) {
    throw Error(ErrorCode::kTooMany,
                "The answers that are being made have more than " +
                    std::to_string(bytes_ / (1024 * 1024)) + " MiB together.",
                "Ask again in a moment, or for fewer rows at once.");
  }
  held_ += bytes;
}

void QueryPlaces::leave(uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    --taken_;
    held_ -= bytes;
  }
  left_.notify_one();
}

}  // namespace sluice

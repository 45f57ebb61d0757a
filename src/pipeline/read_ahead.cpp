#include "pipeline/read_ahead.h"

#include <utility>

namespace sluice {
namespace {

constexpr size_t kBatchesAhead = 4;

}  // namespace

ReadAhead::ReadAhead(RowReader& reader) : reader_(reader), spare_(kBatchesAhead) {
  thread_ = std::jthread([this] { run(); });
}

ReadAhead::~ReadAhead() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::optional<Batch> ReadAhead::take_spare() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || !spare_.empty(); });
  if (closed_) return std::nullopt;
  Batch batch = std::move(spare_.back());
  spare_.pop_back();
  return batch;
}

void ReadAhead::run() {
  std::exception_ptr failure;
  try {
    while (std::optional<Batch> batch = take_spare()) {
      if (!reader_.next(*batch)) break;
      const std::lock_guard lock(mutex_);
      filled_.push_back(std::move(*batch));
      changed_.notify_all();
    }
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  failure_ = std::move(failure);
  ended_ = true;
  changed_.notify_all();
}

bool ReadAhead::next(Batch& batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || !filled_.empty(); });
  if (filled_.empty()) {
    if (failure_) std::rethrow_exception(failure_);
    batch.clear();
    return false;
  }
  // Batches stay as many as they were: what was the caller's is filled next.
  spare_.push_back(std::exchange(batch, std::move(filled_.front())));
  filled_.pop_front();
  changed_.notify_all();
  return true;
}

}  // namespace sluice

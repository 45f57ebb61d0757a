#include "object_store/upload_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace sluice {

UploadPool::UploadPool(size_t threads) : most_(std::max<size_t>(threads, 1)) {}

void UploadPool::submit(const void* owner, std::function<void()> task) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return waiting_.size() < most_; });
  waiting_.push_back({owner, std::move(task)});
  if (idle_ < waiting_.size() && threads_.size() < most_) start_thread();
  work_.notify_one();
}

void UploadPool::start_thread() {
  try {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  } catch (const std::system_error& error) {
    if (!threads_.empty()) return;  // Those there are do the work, later.
    waiting_.pop_back();
    throw Error(ErrorCode::kUnavailable,
                std::string("No thread could be started to upload parts: ") + error.what() + ".",
                "Raise the limit of threads (ulimit -u, or the container's).");
  }
}

size_t UploadPool::drop(const void* owner) {
  std::scoped_lock lock(mutex_);
  const size_t dropped =
      std::erase_if(waiting_, [&](const Task& task) { return task.owner == owner; });
  if (dropped != 0) room_.notify_all();
  return dropped;
}

void UploadPool::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    const bool has_work = work_.wait(lock, stop, [&] { return !waiting_.empty(); });
    --idle_;
    if (!has_work) return;
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    room_.notify_one();
    lock.unlock();
    task.run();
    task.run = nullptr;  // What it holds goes before the next wait, not after.
    lock.lock();
  }
}

}  // namespace sluice

#include "door/request_workers.h"

#include <utility>

namespace sluice {

RequestWorkers::RequestWorkers(size_t threads, const MakeWork& make_work) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, make_work](const std::stop_token& stop) { run(stop, make_work); });
  }
}

RequestWorkers::~RequestWorkers() { end(); }

void RequestWorkers::add(uint64_t id, CompleteRequest request) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({id, std::move(request)});
  }
  filled_.notify_one();
}

void RequestWorkers::end() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

void RequestWorkers::run(const std::stop_token& stop, const MakeWork& make_work) {
  const Work work = make_work();
  while (true) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, stop, [this] { return !queue_.empty(); });
    if (stop.stop_requested()) return;
    Item item = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work(item.id, std::move(item.request), stop);
  }
}

}  // namespace sluice

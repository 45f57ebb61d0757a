#include "door/stream_pump.h"

#include <optional>
#include <utility>

namespace sluice {

void StreamPump::follow(uint64_t id, std::shared_ptr<AnswerStream> stream) {
  const std::lock_guard lock(mutex_);
  if (stream) {
    streams_[id] = std::move(stream);
    changed_.notify_one();
  } else {
    streams_.erase(id);
  }
}

void StreamPump::end() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void StreamPump::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    turn();
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return !streams_.empty(); })) return;
    changed_.wait_for(lock, stop, every_, [] { return false; });
  }
}

void StreamPump::turn() {
  std::map<uint64_t, std::shared_ptr<AnswerStream>> streams;
  {
    const std::lock_guard lock(mutex_);
    streams = streams_;
  }
  for (const auto& [id, stream] : streams) {
    std::optional<std::string> piece = stream->next();
    if (!piece) follow(id, nullptr);
    if (!piece || !piece->empty()) send_(id, piece.value_or(std::string()), !piece);
  }
}

}  // namespace sluice

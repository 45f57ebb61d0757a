#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "door/http_message.h"

namespace sluice {

/// Asks every stream that is being sent for more, again and again, on one thread: clients that
/// follow something cost no thread each. Thread-safe.
class StreamPump {
 public:
  using Send = std::function<void(uint64_t id, std::string bytes, bool last)>;

  StreamPump(Send send, std::chrono::milliseconds every)
      : send_(std::move(send)),
        every_(every),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  /// From now on `stream` is sent to the client, or, where it is null, no longer.
  void follow(uint64_t id, std::shared_ptr<AnswerStream> stream);
  /// Returns when the thread has ended.
  void end();

 private:
  void run(const std::stop_token& stop);
  void turn();

  const Send send_;
  const std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<uint64_t, std::shared_ptr<AnswerStream>> streams_;
  std::jthread thread_;  ///< Last: it ends before what it uses.
};

}  // namespace sluice

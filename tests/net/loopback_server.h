#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sluice {

/// One connection that LoopbackServer accepted. Reads and writes block, at most for five seconds.
class LoopbackConnection {
 public:
  explicit LoopbackConnection(int fd) : fd_(fd) {}
  /// Up to and with the empty line; less when the client closed.
  std::string read_head();
  /// `size` bytes of body; less when the client closed.
  std::string read_body(size_t size);
  void write(const std::string& bytes);
  /// Blocks until the client closes.
  void wait_for_close();
  /// Closing sends a reset instead of an end.
  void reset_on_close();

 private:
  std::string take(size_t size);
  int fd_;
  std::string buffer_;
};

/// A TCP server on a free port of 127.0.0.1 that does with each connection what the test says, on
/// one thread per connection.
class LoopbackServer {
 public:
  using Serve = std::function<void(LoopbackConnection&)>;
  explicit LoopbackServer(Serve serve);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /// `http://127.0.0.1:port`
  std::string url() const;
  int connections() const { return connections_; }

 private:
  void accept_all();

  Serve serve_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<std::jthread> workers_;
  std::jthread acceptor_;
};

}  // namespace sluice

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "door/http_message.h"
#include "door/http_server.h"
#include "door/socket.h"

namespace sluice::test {

struct ClientAnswer {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
  std::string header(std::string_view name) const;
};

/// A client on a real loopback socket that sends exactly the bytes it is told to. Waits at most
/// ten seconds for anything, then fails the test by answering with status 0.
class TestClient {
 public:
  /// `receive_buffer` of 0 leaves the system's size.
  explicit TestClient(int port, int receive_buffer = 0);

  void send(std::string_view bytes);
  /// Sends what fits, without waiting; false once the server has closed the connection.
  bool try_send(std::string_view bytes);
  /// One answer; of a HEAD request without body.
  ClientAnswer receive(bool head_request = false);
  /// All bytes that have come, once `text` is among them; where it is empty, or never comes, once
  /// the server has closed.
  std::string receive_until(std::string_view text);
  std::string receive_all() { return receive_until({}); }
  /// Sends, then receives.
  ClientAnswer ask(std::string_view bytes);
  /// True when the server closes without another byte.
  bool is_closed();
  /// No more will be sent; answers can still be read.
  void finish_sending();

 private:
  bool fill();

  Socket socket_;
  std::string buffer_;
};

/// A server with short deadlines and a handler, on any free port.
DoorOptions quick_options();
BodyLimit limit_of(size_t bytes);

}  // namespace sluice::test

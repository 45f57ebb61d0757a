#pragma once

#include <chrono>
#include <memory>

#include "door/door_options.h"
#include "door/http_message.h"

namespace sluice {

/// An HTTP/1.1 server (RFC 9112) in front of one handler, made for clients that misbehave.
///
/// One thread holds every socket (Poller): it reads whole requests and writes whole answers without
/// waiting, within the limits and deadlines of DoorOptions. Worker threads see complete requests
/// only and hand back complete answers, so no client can hold a worker. What breaks a rule is
/// answered at the door with 400, 408, 413, 415, 417, 431, 501, 503, 505 or 507, and the connection
/// ends.
///
/// A body that is too large for memory is written to a nameless file while it comes (BodySpool);
/// before it does, the gate is asked.
///
/// An answer may be a stream; its pieces take the same way to the poller.
class HttpServer {
 public:
  /// Without a `gate` every body that its route takes may come.
  HttpServer(DoorOptions options, DoorHandler handler, BodyLimit body_limit, BodyGate gate = {});
  /// Stops without grace.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Binds and serves on threads of its own; call once. Throws kConflict when the port is in use,
  /// kForbidden or kInvalid, each with a sentence for the command line.
  void start();
  /// The port it listens on, once started.
  int port() const;
  /// Takes no new connections, closes idle ones and returns when the requests that have come are
  /// answered. After `grace` the rest is dropped: stop tokens of running handlers are requested,
  /// and it returns when they have returned. Idempotent; not from a handler.
  void stop(std::chrono::milliseconds grace);

 private:
  class Running;
  DoorOptions options_;
  const DoorHandler handler_;
  const BodyLimit body_limit_;
  const BodyGate gate_;
  std::unique_ptr<Running> running_;
  int port_ = 0;
};

}  // namespace sluice

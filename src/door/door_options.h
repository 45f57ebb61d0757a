#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/limits.h"

namespace sluice {

class TlsIdentity;

struct DoorOptions {
  std::string host = "127.0.0.1";
  /// 0 takes any free one.
  int port = 0;
  /// Serves HTTPS with this; must outlive the server. Null: plain HTTP.
  const TlsIdentity* tls = nullptr;
  /// Threads that run handlers, at least one.
  size_t workers = 8;

  /// Open connections. Lowered to what the limit of open files allows.
  size_t connections = limits::kConnections;
  /// Request line and headers, with the empty line after them.
  size_t head_bytes = limits::kRequestHeadBytes;
  /// Requests and answers held in memory for all clients together; over it bodies are refused with
  /// 503 until it is less.
  size_t buffered_bytes = 256 * 1024 * 1024;

  /// Folder for bodies that are too large for memory; empty: the system's.
  std::string spool_dir = {};
  /// Bytes of such bodies on the disk at one time, those that handlers still use included; over it
  /// they are refused with 503.
  uint64_t spooled_bytes = 16ULL * 1024 * 1024 * 1024;
  /// What they leave free of the disk: the state database is on it, too.
  uint64_t spool_reserve = 256ULL * 1024 * 1024;

  /// From the first byte of a head to its last.
  std::chrono::milliseconds head_deadline = limits::kRequestHeadDeadline;
  /// For a body, and again for each further MiB of it.
  std::chrono::milliseconds body_deadline = limits::kBodyDeadline;
  /// For a client to take an answer, and again for each 64 KiB it takes.
  std::chrono::milliseconds write_deadline = limits::kBodyDeadline;
  /// Between requests, and before the first one.
  std::chrono::milliseconds idle_deadline = limits::kIdleConnection;
  /// How long a client gets to read a last answer and close, before the door does (RFC 9112, 9.6).
  std::chrono::milliseconds linger{2000};

  /// Between two looks for more of an answer that is a stream.
  std::chrono::milliseconds stream_pause{200};

  /// Makes the X-Request-Id of answers that have none. Thread-safe. Empty: 32 random hex digits.
  std::function<std::string()> request_id;
  /// Tells the time for the Date header; must outlive the server. Null: the machine's clock.
  const Clock* clock = nullptr;
};

}  // namespace sluice

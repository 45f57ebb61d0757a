#pragma once

#include <optional>
#include <string>
#include <utility>

namespace sluice {

/// Owns one file descriptor; closes it when destroyed.
class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket();

  int fd() const { return fd_; }
  /// The descriptor, which is the caller's from now on.
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// A non-blocking listening TCP socket. Throws with a sentence for the command line: kConflict when
/// the port is in use, kForbidden, or kInvalid when the host is not an address of this machine.
Socket listen_on(const std::string& host, int port);
int port_of(const Socket& listener);

struct Accepted {
  Socket socket;
  /// Numeric, without the port; an IPv4 client of an IPv6 socket in its IPv4 form.
  std::string remote_address;
};

/// The next waiting client, non-blocking and without Nagle's delay. Nothing when there is none, or
/// with `exhausted` set when the process or the system has no descriptor or memory left for it.
std::optional<Accepted> accept_on(const Socket& listener, bool& exhausted);

/// Raises the soft limit of open files towards `wanted` as far as the hard limit lets it. Returns
/// the limit as it then is.
size_t raise_open_files(size_t wanted);

}  // namespace sluice

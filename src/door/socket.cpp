#include "door/socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace sluice {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const std::string& host, int port) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* name = host.empty() ? nullptr : host.c_str();
  if (const int status = getaddrinfo(name, std::to_string(port).c_str(), &hints, &found)) {
    throw Error(ErrorCode::kInvalid,
                "The host " + host + " can't be listened on: " + gai_strerror(status),
                "Choose another with --host, for example 127.0.0.1.");
  }
  return Addresses(found);
}

[[noreturn]] void refuse(const std::string& host, int port, int cause) {
  const std::string where = "Port " + std::to_string(port) + " on " + host;
  if (cause == EADDRINUSE) {
    throw Error(ErrorCode::kConflict, where + " is in use.", "Choose another with --port.");
  }
  if (cause == EACCES) {
    throw Error(ErrorCode::kForbidden, where + " is not open to this user.",
                "Choose one above 1023 with --port.");
  }
  if (cause == EADDRNOTAVAIL) {
    throw Error(ErrorCode::kInvalid, "The host " + host + " is no address of this machine.",
                "Choose another with --host, for example 127.0.0.1.");
  }
  throw Error(ErrorCode::kUnavailable, where + " can't be listened on: " + std::strerror(cause));
}

std::string text_of(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
    inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
  } else {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  }
  constexpr std::string_view kMapped = "::ffff:";
  const std::string_view all = text.data();
  const bool mapped = all.starts_with(kMapped) && all.find('.') != std::string_view::npos;
  return std::string(mapped ? all.substr(kMapped.size()) : all);
}

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) close(fd_);
}

Socket listen_on(const std::string& host, int port) {
  const Addresses addresses = resolve(host, port);
  int cause = EADDRNOTAVAIL;
  for (const addrinfo* at = addresses.get(); at; at = at->ai_next) {
    Socket made(socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    // A restart must not wait for connections of the old process to be forgotten.
    if (made && setsockopt(made.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(made.fd(), at->ai_addr, at->ai_addrlen) == 0 && listen(made.fd(), SOMAXCONN) == 0) {
      return made;
    }
    cause = errno;
  }
  refuse(host, port, cause);
}

int port_of(const Socket& listener) {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET
                   ? reinterpret_cast<const sockaddr_in*>(&address)->sin_port
                   : reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
}

std::optional<Accepted> accept_on(const Socket& listener, bool& exhausted) {
  exhausted = false;
  while (true) {
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    Socket made(accept4(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size,
                        SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (made) {
      const int on = 1;
      setsockopt(made.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return Accepted{std::move(made), text_of(address)};
    }
    exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    // Anything else but "none waiting" is about one client that is gone already (accept(2)).
    if (exhausted || errno == EAGAIN || errno == EBADF || errno == EINVAL) return std::nullopt;
  }
}

size_t raise_open_files(size_t wanted) {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  if (files.rlim_cur < wanted) {
    rlimit raised = files;
    raised.rlim_cur = std::min<rlim_t>(wanted, files.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
  }
  return static_cast<size_t>(files.rlim_cur);
}

}  // namespace sluice

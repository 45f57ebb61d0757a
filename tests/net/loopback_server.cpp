#include "net/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace sluice {

std::string LoopbackConnection::take(size_t size) {
  std::string out = buffer_.substr(0, size);
  buffer_.erase(0, out.size());
  return out;
}

std::string LoopbackConnection::read_head() {
  char bytes[4096];
  while (true) {
    const size_t end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) return take(end + 4);
    const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return take(buffer_.size());
    buffer_.append(bytes, static_cast<size_t>(got));
  }
}

std::string LoopbackConnection::read_body(size_t size) {
  std::string out = take(size);
  std::string bytes(65536, '\0');
  while (out.size() < size) {
    const ssize_t got = recv(fd_, bytes.data(), std::min(bytes.size(), size - out.size()), 0);
    if (got <= 0) break;
    out.append(bytes, 0, static_cast<size_t>(got));
  }
  return out;
}

void LoopbackConnection::write(const std::string& bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = send(fd_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return;
    done += static_cast<size_t>(sent);
  }
}

void LoopbackConnection::wait_for_close() {
  char byte = 0;
  while (recv(fd_, &byte, 1, 0) > 0) {
  }
}

void LoopbackConnection::reset_on_close() {
  const linger now{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

LoopbackServer::LoopbackServer(Serve serve) : serve_(std::move(serve)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, length) != 0 || listen(listener_, 64) != 0 ||
      getsockname(listener_, generic, &length) != 0) {
    throw std::runtime_error("no port on the loopback interface");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
}

std::string LoopbackServer::url() const { return "http://127.0.0.1:" + std::to_string(port_); }

void LoopbackServer::accept_all() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    const timeval patience{5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::scoped_lock lock(mutex_);
    workers_.emplace_back([this, fd] {
      LoopbackConnection connection(fd);
      serve_(connection);
      close(fd);
    });
  }
}

}  // namespace sluice

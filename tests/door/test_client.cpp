#include "door/test_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>

namespace sluice::test {

std::string ClientAnswer::header(std::string_view name) const {
  const Header* found = find_header(headers, name);
  return found ? found->value : std::string();
}

TestClient::TestClient(int port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval patience = {10, 0};
  const int on = 1;
  setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer > 0) {
    setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
      << errno;
}

void TestClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
}

bool TestClient::try_send(std::string_view bytes) {
  const ssize_t size =
      ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return size > 0 || errno == EAGAIN;
}

bool TestClient::fill() {
  std::array<char, 65536> block;
  const ssize_t size = recv(socket_.fd(), block.data(), block.size(), 0);
  if (size <= 0) return false;
  buffer_.append(block.data(), static_cast<size_t>(size));
  return true;
}

ClientAnswer TestClient::receive(bool head_request) {
  size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  ClientAnswer answer;
  answer.status = std::stoi(buffer_.substr(9, 3));
  size_t at = buffer_.find("\r\n") + 2;
  while (at < end + 2) {
    const size_t line_end = buffer_.find("\r\n", at);
    const size_t colon = buffer_.find(": ", at);
    answer.headers.push_back(
        {buffer_.substr(at, colon - at), buffer_.substr(colon + 2, line_end - colon - 2)});
    at = line_end + 2;
  }
  buffer_.erase(0, end + 4);
  const std::string length = answer.header("Content-Length");
  if (head_request || length.empty()) return answer;
  const size_t size = std::stoul(length);
  while (buffer_.size() < size) {
    if (!fill()) return {};
  }
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

std::string TestClient::receive_until(std::string_view text) {
  while (text.empty() || buffer_.find(text) == std::string::npos) {
    if (!fill()) break;
  }
  return buffer_;
}

ClientAnswer TestClient::ask(std::string_view bytes) {
  send(bytes);
  return receive();
}

bool TestClient::is_closed() {
  if (!buffer_.empty()) return false;
  char byte;
  const ssize_t size = recv(socket_.fd(), &byte, 1, 0);
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

void TestClient::finish_sending() { shutdown(socket_.fd(), SHUT_WR); }

DoorOptions quick_options() {
  DoorOptions options;
  options.workers = 2;
  options.head_deadline = std::chrono::milliseconds(200);
  options.body_deadline = std::chrono::milliseconds(300);
  options.write_deadline = std::chrono::milliseconds(300);
  options.linger = std::chrono::milliseconds(500);
  return options;
}

BodyLimit limit_of(size_t bytes) {
  return [bytes](const std::string&, const std::string&) { return BodyRule(bytes); };
}

}  // namespace sluice::test

#include "net/http_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "net/loopback_server.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

constexpr const char* kChunkedHead =
    "HTTP/1.1 200 OK\r\nX-Some: a\r\nTransfer-Encoding: chunked\r\n\r\n";

HttpRequest get(const LoopbackServer& server) {
  HttpRequest request;
  request.url = server.url();
  return request;
}

/// Everything up to the end or the failure, which is rethrown.
std::string rest_of(HttpStream& stream) {
  std::string all;
  while (stream.read(all)) {
  }
  return all;
}

TEST(HttpStreamTest, TheBodyComesAsItIsSent) {
  std::promise<void> seen_first;
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.write(std::string(kChunkedHead) + "3\r\none\r\n");
    seen_first.get_future().wait();
    connection.write("3\r\ntwo\r\n0\r\n\r\n");
  });
  const auto stream = open_http_stream(get(server));
  EXPECT_EQ(stream->head().status, 200);
  EXPECT_EQ(stream->head().header("x-some"), "a");
  std::string body;
  EXPECT_TRUE(stream->read(body));
  EXPECT_EQ(body, "one");
  seen_first.set_value();
  EXPECT_TRUE(stream->read(body));
  EXPECT_EQ(body, "onetwo");
  EXPECT_FALSE(stream->read(body));
  EXPECT_FALSE(stream->read(body));
}

TEST(HttpStreamTest, ABodyThatIsCutOffIsNoEnd) {
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.write(std::string(kChunkedHead) + "5\r\nwhy?!\r\n");
  });
  const auto stream = open_http_stream(get(server));
  std::string body;
  const Error error = caught([&] {
    while (stream->read(body)) {
    }
  });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(body, "why?!") << "what came before the failure may say why";
}

TEST(HttpStreamTest, AnErrorStatusIsAnAnswer) {
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nno!\n");
  });
  const auto stream = open_http_stream(get(server));
  EXPECT_EQ(stream->head().status, 404);
  EXPECT_EQ(rest_of(*stream), "no!\n");
}

TEST(HttpStreamTest, ASlowReaderHoldsTheSenderBack) {
  constexpr size_t kBytes = 64 * 1024 * 1024;
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kBytes) + "\r\n\r\n");
    connection.write(std::string(kBytes, 'x'));
  });
  const auto stream = open_http_stream(get(server));
  size_t total = 0;
  size_t most = 0;
  std::string piece;
  while (stream->read(piece)) {
    total += piece.size();
    most = std::max(most, piece.size());
    piece.clear();
  }
  EXPECT_EQ(total, kBytes);
  EXPECT_LE(most, 2U * 1024 * 1024);
}

TEST(HttpStreamTest, AStopEndsIt) {
  std::stop_source stop;
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.write(std::string(kChunkedHead) + "1\r\na\r\n");
    connection.wait_for_close();
  });
  HttpRequest request = get(server);
  request.stop = stop.get_token();
  const auto stream = open_http_stream(request);
  std::string body;
  EXPECT_TRUE(stream->read(body));
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(caught([&] { stream->read(body); }).code(), ErrorCode::kCancelled);
}

TEST(HttpStreamTest, NobodyThereIsUnavailable) {
  HttpRequest request;
  request.url = "http://127.0.0.1:1/";
  const Error error = caught([&] { open_http_stream(request); });
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace sluice

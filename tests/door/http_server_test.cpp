#include "door/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "door/gzip_bytes.h"
#include "door/test_client.h"

namespace sluice {
namespace {

using test::ClientAnswer;
using test::TestClient;

constexpr size_t kLimit = 1000;

std::string get(const std::string& path, const std::string& lines = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

std::string post(const std::string& lines, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n" + body;
}

/// Echoes: the body of the answer tells what the handler saw.
DoorResponse echo(const DoorRequest& request) {
  if (request.path == "/throw") throw std::runtime_error("internal detail");
  DoorResponse response;
  response.headers = {{"X-Method", request.method},
                      {"X-Target", request.target},
                      {"X-From", request.remote_address},
                      {"X-Sent", request.header("X-Sent")}};
  response.body = request.method == "GET" ? request.path : request.body;
  return response;
}

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() : server_(test::quick_options(), echo, test::limit_of(kLimit)) {
    server_.start();
  }

  /// A fault of the door: JSON, an id, and the end of the connection.
  void expect_fault(const std::string& bytes, int status) {
    TestClient client(server_.port());
    const ClientAnswer answer = client.ask(bytes);
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
    EXPECT_TRUE(answer.body.starts_with(R"({"error": ")")) << answer.body;
    EXPECT_TRUE(answer.body.ends_with(R"(", "documentation": "/docs"})")) << answer.body;
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_EQ(answer.header("X-Request-Id").size(), 32U);
    client.finish_sending();
    EXPECT_TRUE(client.is_closed()) << bytes.substr(0, 200);
  }

  HttpServer server_;
};

TEST_F(HttpServerTest, MethodsThatOnlyTheHandlerRefusesReachIt) {
  for (const std::string method : {"TRACE", "QUERY", "OPTIONS"}) {
    TestClient client(server_.port());
    const ClientAnswer answer = client.ask(method + " /x HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("X-Method"), method);
  }
}

TEST_F(HttpServerTest, AnswersManyRequestsOnOneConnection) {
  TestClient client(server_.port());
  for (int i = 0; i < 20; ++i) {
    const std::string path = "/" + std::to_string(i);
    const ClientAnswer answer = client.ask(get(path));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, path);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("X-From"), "127.0.0.1");
  }
  EXPECT_EQ(client.ask(post("Content-Length: 5\r\n", "hello")).body, "hello");
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  TestClient client(server_.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += i % 2 ? post("Content-Length: 2\r\n", std::to_string(10 + i))
                 : get("/" + std::to_string(i));
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.receive().body, i % 2 ? std::to_string(10 + i) : "/" + std::to_string(i));
  }
}

TEST_F(HttpServerTest, AnswersWhatWasPipelinedBeforeAFault) {
  TestClient client(server_.port());
  client.send(get("/first") + "nonsense\r\n\r\n");
  EXPECT_EQ(client.receive().body, "/first");
  EXPECT_EQ(client.receive().status, 400);
}

TEST_F(HttpServerTest, ServesEachMethod) {
  TestClient client(server_.port());
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const ClientAnswer answer = client.ask(method + " /x HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("X-Method"), method);
  }
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + get("/after"));
  EXPECT_EQ(client.receive(true).header("X-Method"), "HEAD");
  EXPECT_EQ(client.receive().body, "/after");
}

TEST_F(HttpServerTest, ClosesWhenAskedAndAfterHttp10) {
  TestClient asked(server_.port());
  EXPECT_EQ(asked.ask(get("/", "Connection: close\r\n")).header("Connection"), "close");
  EXPECT_TRUE(asked.is_closed());
  TestClient old(server_.port());
  EXPECT_EQ(old.ask("GET / HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(old.is_closed());
}

TEST_F(HttpServerTest, AnswersAClientThatHasFinishedSending) {
  TestClient client(server_.port());
  client.send(get("/a"));
  client.finish_sending();
  EXPECT_EQ(client.receive().body, "/a");
}

TEST_F(HttpServerTest, UndoesChunksAndGzip) {
  TestClient client(server_.port());
  EXPECT_EQ(
      client.ask(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")).body,
      "abcde");
  const std::string packed = test::gzip_bytes("hello");
  const std::string length = std::to_string(packed.size());
  EXPECT_EQ(
      client.ask(post("Content-Encoding: gzip\r\nContent-Length: " + length + "\r\n", packed)).body,
      "hello");
}

TEST_F(HttpServerTest, RefusesBodiesOverTheLimit) {
  expect_fault(post("Content-Length: 1001\r\n", ""), 413);
  expect_fault(post("Expect: 100-continue\r\nContent-Length: 1001\r\n", ""), 413);
  expect_fault(post("Transfer-Encoding: chunked\r\n", "3e9\r\n"), 413);
  const std::string bomb = test::gzip_bytes(std::string(1024 * 1024, 'x'));
  expect_fault(
      post("Content-Encoding: gzip\r\nContent-Length: " + std::to_string(bomb.size()) + "\r\n",
           bomb),
      413);
  TestClient exact(server_.port());
  EXPECT_EQ(exact.ask(post("Content-Length: 1000\r\n", std::string(1000, 'x'))).status, 200);
}

TEST_F(HttpServerTest, AClientThatSendsFarTooMuchStillReadsTheAnswer) {
  TestClient client(server_.port());
  client.send(post("Content-Length: 3000000\r\n", std::string(3000000, 'x')));
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(HttpServerTest, SaysContinue) {
  TestClient client(server_.port());
  client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n", ""));
  EXPECT_EQ(client.receive().status, 100);
  EXPECT_EQ(client.ask("hello").body, "hello");
}

TEST_F(HttpServerTest, RefusesMalformedRequests) {
  using namespace std::string_literals;
  for (const std::string& bytes :
       {"nonsense\r\n\r\n"s, "GET /\r\n\r\n"s, "GET / HTTP/1.1\nHost: h\n\n"s,
        "GET / HTTP/1.1\r\nHost: h\r\nX: \0\r\n\r\n"s, "\x16\x03\x01\x02"s, get("/", "X : 1\r\n"),
        get("/", "X: 1\r\n folded\r\n"), get("/", "no colon\r\n"), get("/a b"), get("a"),
        "GET / HTTP/1.1\r\n\r\n"s, get("/", "Host: other\r\n"),
        post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc"),
        post("Content-Length: 3, 3\r\n", "abc"), post("Content-Length: -1\r\n", ""),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", ""),
        post("Transfer-Encoding: chunked\r\n", "zz\r\n")}) {
    expect_fault(bytes, 400);
  }
  expect_fault("GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505);
  expect_fault("BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 501);
  expect_fault(post("Transfer-Encoding: gzip, chunked\r\n", ""), 501);
  expect_fault(post("Content-Encoding: br\r\n", ""), 415);
}

TEST_F(HttpServerTest, RefusesAHeadThatIsTooLarge) {
  expect_fault("GET /" + std::string(20000, 'a'), 431);
  expect_fault(get("/", "X: " + std::string(20000, 'a') + "\r\n"), 431);
}

TEST_F(HttpServerTest, ALongPathIsNoTrouble) {
  TestClient client(server_.port());
  const std::string path = "/" + std::string(16000, 'a');
  EXPECT_EQ(client.ask(get(path)).body, path);
}

TEST_F(HttpServerTest, CutsOffASlowHeadAndASlowBody) {
  expect_fault("GET / HT", 408);
  expect_fault(post("Content-Length: 5\r\n", "he"), 408);
}

TEST_F(HttpServerTest, HeadersCanNotForgeAnything) {
  TestClient client(server_.port());
  const ClientAnswer answer =
      client.ask(get("/",
                     "REMOTE_ADDR: 6.6.6.6\r\nREMOTE_PORT: 6\r\nLOCAL_ADDR: 6.6.6.6\r\n"
                     "X-Sent: a%0d%0aX-Evil: 1\r\n"));
  EXPECT_EQ(answer.header("X-From"), "127.0.0.1");
  EXPECT_EQ(answer.header("X-Sent"), "a%0d%0aX-Evil: 1");
  EXPECT_EQ(answer.header("X-Evil"), "");
}

TEST_F(HttpServerTest, AHandlerThatThrowsTellsNothing) {
  TestClient client(server_.port());
  const ClientAnswer answer = client.ask(get("/throw"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("internal detail"), std::string::npos);
  for (const Header& header : answer.headers) {
    EXPECT_EQ(header.value.find("internal detail"), std::string::npos);
  }
  TestClient next(server_.port());
  EXPECT_EQ(next.ask(get("/still")).body, "/still");
}

TEST_F(HttpServerTest, SaysThatItsPortIsInUse) {
  DoorOptions options = test::quick_options();
  options.port = server_.port();
  HttpServer second(options, echo, test::limit_of(kLimit));
  EXPECT_THROW(second.start(), Error);
}

TEST_F(HttpServerTest, StopsAtOnceWhenIdle) {
  TestClient idle(server_.port());
  EXPECT_EQ(idle.ask(get("/")).status, 200);
  TestClient half(server_.port());
  half.send("GET /");
  const auto begin = std::chrono::steady_clock::now();
  server_.stop(std::chrono::seconds(30));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  EXPECT_TRUE(idle.is_closed());
}

TEST(HttpServerStop, FinishesRequestsInFlight) {
  std::latch begun(2);
  std::latch go(1);
  HttpServer server(
      test::quick_options(),
      [&](const DoorRequest&) {
        begun.count_down();
        go.wait();
        return DoorResponse{200, "text/plain", {}, std::string(3 << 20, 'x')};
      },
      test::limit_of(kLimit));
  server.start();
  TestClient one(server.port());
  TestClient two(server.port());
  TestClient queued(server.port());
  one.send(get("/"));
  two.send(get("/"));
  begun.wait();
  queued.send(get("/"));
  std::jthread stopping([&] { server.stop(std::chrono::seconds(30)); });
  TestClient* clients[] = {&one, &two, &queued};
  go.count_down();
  for (TestClient* client : clients) {
    EXPECT_EQ(client->receive().body.size(), size_t{3} << 20);
    EXPECT_TRUE(client->is_closed());
    client->finish_sending();
  }
}

TEST(HttpServerStop, TellsHandlersWhenTheGraceHasPassed) {
  std::latch begun(1);
  std::atomic<bool> told = false;
  HttpServer server(
      test::quick_options(),
      [&](const DoorRequest& request) {
        begun.count_down();
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any().wait(lock, request.stop, [] { return false; });
        told = true;
        return DoorResponse();
      },
      test::limit_of(kLimit));
  server.start();
  TestClient client(server.port());
  client.send(get("/"));
  begun.wait();
  server.stop(std::chrono::milliseconds(20));
  EXPECT_TRUE(told);
  EXPECT_TRUE(client.is_closed());
}

/// Says "one", "two" and, where it is to end, no more.
class Words final : public AnswerStream {
 public:
  explicit Words(bool ends) : ends_(ends) {}
  ~Words() override { --alive; }
  std::optional<std::string> next() override {
    ++said_;
    if (said_ == 1) return "one";
    if (said_ == 3) return "two";
    if (said_ > 3 && ends_) return std::nullopt;
    return "";
  }
  static inline std::atomic<int> alive{0};

 private:
  const bool ends_;
  int said_ = 0;
};

class HttpServerStreamTest : public testing::Test {
 protected:
  HttpServerStreamTest()
      : server_(
            options(),
            [](const DoorRequest& request) {
              DoorResponse response;
              response.content_type = "text/event-stream";
              ++Words::alive;
              response.stream = std::make_shared<Words>(request.path == "/ends");
              return response;
            },
            test::limit_of(kLimit)) {
    server_.start();
  }
  static DoorOptions options() {
    DoorOptions options = test::quick_options();
    options.stream_pause = std::chrono::milliseconds(5);
    return options;
  }
  static void wait_until_none_is_alive() {
    while (Words::alive > 0) std::this_thread::yield();
  }

  HttpServer server_;
};

TEST_F(HttpServerStreamTest, PiecesComeAsTheyAreMadeAndTheConnectionEnds) {
  TestClient client(server_.port());
  client.send(get("/ends"));
  const std::string bytes = client.receive_all();
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 200 OK\r\n")) << bytes;
  EXPECT_NE(bytes.find("Content-Type: text/event-stream\r\n"), std::string::npos) << bytes;
  EXPECT_NE(bytes.find("Connection: close\r\n"), std::string::npos) << bytes;
  EXPECT_EQ(bytes.find("Content-Length"), std::string::npos) << bytes;
  EXPECT_EQ(bytes.find("Keep-Alive"), std::string::npos) << bytes;
  EXPECT_TRUE(bytes.ends_with("\r\n\r\nonetwo")) << bytes;
  wait_until_none_is_alive();
}

TEST_F(HttpServerStreamTest, AHeadRequestGetsTheHead) {
  TestClient client(server_.port());
  client.send("HEAD /ends HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive(true).status, 200);
  wait_until_none_is_alive();
}

TEST_F(HttpServerStreamTest, AClientThatGoesAwayIsNoticed) {
  {
    TestClient client(server_.port());
    client.send(get("/never"));
    EXPECT_NE(client.receive_until("onetwo").find("onetwo"), std::string::npos);
    EXPECT_EQ(Words::alive, 1);
  }
  wait_until_none_is_alive();
}

TEST_F(HttpServerStreamTest, StoppingTheServerEndsThem) {
  TestClient client(server_.port());
  client.send(get("/never"));
  client.receive_until("one");
  const auto begin = std::chrono::steady_clock::now();
  server_.stop(std::chrono::seconds(20));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(Words::alive, 0);
}

}  // namespace
}  // namespace sluice

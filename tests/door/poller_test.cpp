#include "door/poller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

#include "door/test_client.h"

namespace sluice {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;
using test::TestClient;

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/// A server of one worker whose handler answers at once with `bytes` of body.
std::unique_ptr<HttpServer> serve(const DoorOptions& options, size_t bytes) {
  auto server = std::make_unique<HttpServer>(
      options,
      [bytes](const DoorRequest&) {
        return DoorResponse{200, "text/plain", {}, std::string(bytes, 'x')};
      },
      test::limit_of(8 * 1024 * 1024));
  server->start();
  return server;
}

DoorOptions one_worker() {
  DoorOptions options;
  options.workers = 1;
  return options;
}

struct Latency {
  microseconds p50;
  microseconds p99;
};

Latency measure(TestClient& client, int requests) {
  std::vector<microseconds> times;
  for (int i = 0; i < requests; ++i) {
    const auto begin = steady_clock::now();
    EXPECT_EQ(client.ask(kGet).status, 200);
    times.push_back(std::chrono::duration_cast<microseconds>(steady_clock::now() - begin));
  }
  std::ranges::sort(times);
  return {times[times.size() / 2], times[times.size() * 99 / 100]};
}

TEST(Poller, AThousandSlowAndIdleClientsDoNotSlowAnother) {
  constexpr size_t kCrowd = 1000;
  constexpr int kRequests = 2000;
  raise_open_files(2 * kCrowd + 1000);  // both ends are in this process
  const auto server = serve(one_worker(), 2);
  TestClient client(server->port());
  const Latency alone = measure(client, kRequests);

  // A third says nothing, a third sends a head and a third a body, a byte now and then.
  std::deque<TestClient> crowd;
  for (size_t i = 0; i < kCrowd; ++i) {
    crowd.emplace_back(server->port());
    if (i % 3 == 1) crowd.back().send("GET /");
    if (i % 3 == 2) {
      crowd.back().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nx");
    }
  }
  std::atomic<size_t> sent = 0;
  std::jthread dripping([&](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any tick;
    while (!stop.stop_requested()) {
      for (size_t i = 0; i < kCrowd && !stop.stop_requested(); ++i) {
        if (i % 3 == 0) continue;
        sent += crowd[i].try_send("x") ? 1 : 0;
        std::unique_lock lock(mutex);
        tick.wait_for(lock, stop, std::chrono::milliseconds(1), [] { return false; });
      }
    }
  });
  const Latency crowded = measure(client, kRequests);
  dripping.request_stop();
  dripping.join();
  EXPECT_GT(sent, 0U);
  std::printf("p50/p99 alone %ld/%ld us, beside %zu slow clients %ld/%ld us\n",
              static_cast<long>(alone.p50.count()), static_cast<long>(alone.p99.count()), kCrowd,
              static_cast<long>(crowded.p50.count()), static_cast<long>(crowded.p99.count()));
  EXPECT_LE(crowded.p50, 5 * alone.p50 + std::chrono::milliseconds(5));
  EXPECT_LE(crowded.p99, 5 * alone.p99 + std::chrono::milliseconds(20));
}

TEST(Poller, SlowReadersDoNotHoldAWorker) {
  const auto server = serve(one_worker(), 8 << 20);
  std::deque<TestClient> slow;
  for (int i = 0; i < 5; ++i) {
    slow.emplace_back(server->port(), 4096);
    slow.back().send(kGet);
  }
  TestClient client(server->port());
  EXPECT_EQ(client.ask(kGet).body.size(), size_t{8} << 20);
  EXPECT_EQ(slow.front().receive().body.size(), size_t{8} << 20);
}

TEST(Poller, ClosesAReaderThatTakesNothing) {
  DoorOptions options = one_worker();
  options.write_deadline = std::chrono::milliseconds(100);
  const auto server = serve(options, 8 << 20);
  TestClient slow(server->port(), 4096);
  slow.send(kGet);
  // The server can only be stopped without grace running out when the connection has ended.
  TestClient other(server->port());
  EXPECT_EQ(other.ask(kGet).status, 200);
  const auto begin = steady_clock::now();
  server->stop(std::chrono::seconds(30));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(slow.receive().status, 0) << "the answer is not whole";
}

TEST(Poller, AFullServerClosesTheClientThatHasBeenIdleForLongest) {
  DoorOptions options = one_worker();
  options.connections = 3;
  const auto server = serve(options, 2);
  TestClient first(server->port());
  TestClient second(server->port());
  TestClient third(server->port());
  for (TestClient* client : {&first, &second, &third}) EXPECT_EQ(client->ask(kGet).status, 200);
  EXPECT_EQ(first.ask(kGet).status, 200);  // now the second has been idle for longest
  TestClient fourth(server->port());
  EXPECT_EQ(fourth.ask(kGet).status, 200);
  EXPECT_TRUE(second.is_closed());
  EXPECT_EQ(first.ask(kGet).status, 200);
  EXPECT_EQ(third.ask(kGet).status, 200);
}

TEST(Poller, AFullServerThatIsBusySaysSo) {
  DoorOptions options = one_worker();
  options.connections = 2;
  const auto server = serve(options, 2);
  const std::string half =
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  TestClient first(server->port());
  TestClient second(server->port());
  EXPECT_EQ(first.ask(half).status, 100);
  EXPECT_EQ(second.ask(half).status, 100);
  TestClient third(server->port());
  const auto answer = third.ask(kGet);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  third.finish_sending();
  EXPECT_TRUE(third.is_closed());
  EXPECT_EQ(first.ask("ab").status, 200);
}

TEST(Poller, RefusesBodiesWhileTooMuchIsHeld) {
  DoorOptions options = one_worker();
  options.buffered_bytes = 4 << 20;
  const auto server = serve(options, 2);
  TestClient holder(server->port());
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n";
  holder.send(head + std::string(2 << 20, 'x'));
  TestClient second(server->port());
  second.send(head + std::string(6 << 20, 'x'));
  EXPECT_EQ(second.receive().status, 503);
  TestClient third(server->port());
  EXPECT_EQ(third.ask(kGet).status, 200) << "a request without a body is served";
}

}  // namespace
}  // namespace sluice

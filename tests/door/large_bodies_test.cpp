#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/encoding.h"
#include "base/hash.h"
#include "door/gzip_bytes.h"
#include "door/http_server.h"
#include "door/test_client.h"

namespace sluice {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;
using test::ClientAnswer;
using test::TestClient;

constexpr uint64_t kMost = 4 * 1024 * 1024;
constexpr uint64_t kInMemory = 1000;

std::string post(const std::string& lines, const std::string& body = {},
                 const std::string& path = "/rows") {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n" + body;
}

std::string with_length(const std::string& body) {
  return post("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

std::string in_chunks(const std::string& body, size_t chunk) {
  std::string framed;
  for (size_t at = 0; at < body.size(); at += chunk) {
    const std::string piece = body.substr(at, chunk);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    framed += size + piece + "\r\n";
  }
  return post("Transfer-Encoding: chunked\r\n", framed + "0\r\n\r\n");
}

std::string hex_of(std::string_view bytes) { return hex_encode(sha256(bytes)); }

/// Bytes that are all different from their neighbours, so that a lost or doubled piece shows.
std::string rows_of(size_t size, uint32_t seed = 1) {
  std::string rows(size, '\0');
  uint32_t state = seed;
  for (char& c : rows) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return rows;
}

/// A server whose handler tells what came: where it was, how much, its hash.
class LargeBodiesTest : public testing::Test {
 protected:
  LargeBodiesTest() : folder_(testing::TempDir() + "large_bodies_test") {
    std::filesystem::create_directories(folder_);
    options_.workers = 2;
    options_.spool_dir = folder_;
    options_.spool_reserve = 0;
  }

  void start(const BodyRule& rule = BodyRule::data(kMost, kInMemory), BodyGate gate = {}) {
    server_ = std::make_unique<HttpServer>(
        options_, [this](const DoorRequest& request) { return tell(request); },
        [rule](const std::string&, const std::string&) { return rule; }, std::move(gate));
    server_->start();
  }

  DoorResponse tell(const DoorRequest& request) {
    ++handled_;
    DoorResponse response;
    response.headers = {{"X-Where", request.upload ? "disk" : "memory"},
                        {"X-In-Memory", std::to_string(request.body.size())},
                        {"X-Encoding", request.header("Content-Encoding")}};
    if (request.path == "/unread") return response;
    const auto body = body_range(request);
    response.body = std::to_string(body->size()) + " " + hex_of_range(*body);
    for (const FormPart& part : request.parts) {
      response.body +=
          "\n" + part.name + " " + part.content + " " + hex_of_range(*body_range(part));
    }
    return response;
  }

  static std::string hex_of_range(const ByteRange& range) { return hex_of(bytes_of(range)); }
  static std::string expected(const std::string& body) {
    return std::to_string(body.size()) + " " + hex_of(body);
  }
  /// Until the server has noticed that a client is gone, there may be no room.
  ClientAnswer ask_until_there_is_room(const std::string& bytes) {
    const auto until = steady_clock::now() + std::chrono::seconds(20);
    ClientAnswer answer;
    do {
      TestClient client(server_->port());
      answer = client.ask(bytes);
    } while (answer.status == 503 && steady_clock::now() < until);
    return answer;
  }

  const std::string folder_;
  DoorOptions options_;
  std::atomic<int> handled_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(LargeBodiesTest, EverySizeInEveryFramingOnOneConnection) {
  start();
  TestClient client(server_->port());
  for (const size_t size :
       {0, 1, 999, 1000, 1001, 1002, 65535, 65536, 65537, 131072, 262144, 262145, 700001}) {
    const std::string body = rows_of(size);
    std::vector<std::string> wires = {with_length(body)};
    for (const size_t chunk : {999, 1000, 1001, 65536, 1000000}) {
      wires.push_back(in_chunks(body, chunk));
    }
    if (size < 2000) wires.push_back(in_chunks(body, 1));
    for (const std::string& wire : wires) {
      const ClientAnswer answer = client.ask(wire);
      ASSERT_EQ(answer.status, 200) << size << answer.body;
      EXPECT_EQ(answer.body, expected(body)) << size;
      EXPECT_EQ(answer.header("X-Where"), size > kInMemory ? "disk" : "memory") << size;
      EXPECT_EQ(answer.header("X-In-Memory"), size > kInMemory ? "0" : std::to_string(size));
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(LargeBodiesTest, HoweverTheBytesArrive) {
  start();
  TestClient client(server_->port());
  const std::string body = rows_of(1500);
  for (const std::string& wire : {with_length(body), in_chunks(body, 400), in_chunks(body, 1100)}) {
    for (const size_t piece : {1, 7, 400, 999, 1000, 1001}) {
      for (size_t at = 0; at < wire.size(); at += piece) client.send(wire.substr(at, piece));
      EXPECT_EQ(client.receive().body, expected(body)) << piece;
    }
  }
}

TEST_F(LargeBodiesTest, WhatFollowsALargeBodyIsAnsweredToo) {
  start();
  TestClient client(server_->port());
  const std::string large = rows_of(200000);
  client.send(with_length(large) + with_length("small") + in_chunks(large, 5000) +
              with_length("last"));
  EXPECT_EQ(client.receive().body, expected(large));
  EXPECT_EQ(client.receive().body, expected("small"));
  EXPECT_EQ(client.receive().body, expected(large));
  EXPECT_EQ(client.receive().body, expected("last"));
}

TEST_F(LargeBodiesTest, ManyAtTheSameTime) {
  start();
  std::vector<std::jthread> clients;
  std::atomic<int> right = 0;
  for (uint32_t i = 0; i < 12; ++i) {
    clients.emplace_back([this, i, &right] {
      TestClient client(server_->port());
      for (uint32_t round = 0; round < 5; ++round) {
        const std::string body = rows_of(300000 + 1000 * i + round, i * 10 + round);
        right += client.ask(round % 2 ? with_length(body) : in_chunks(body, 30000)).body ==
                         expected(body)
                     ? 1
                     : 0;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 60);
}

TEST_F(LargeBodiesTest, AClientThatGoesAwayLeavesNothing) {
  options_.spooled_bytes = 1000000;
  start();
  for (const std::string head : {"Content-Length: 950000\r\n", "Transfer-Encoding: chunked\r\n"}) {
    TestClient client(server_->port());
    client.send(post(head));
    if (head.starts_with("T")) client.send("e7ef0\r\n");
    client.send(rows_of(900000));
  }
  const std::string body = rows_of(990000);
  EXPECT_EQ(ask_until_there_is_room(with_length(body)).body, expected(body));
  EXPECT_EQ(handled_, 1);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(LargeBodiesTest, TheDiskIsFreeWhenTheAnswerIsThere) {
  options_.workers = 1;
  options_.spooled_bytes = 1000000;
  start();
  TestClient client(server_->port());
  const std::string body = rows_of(900000);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.ask(with_length(body)).body, expected(body)) << i;
    EXPECT_EQ(client
                  .ask(post("Content-Type: multipart/form-data; boundary=B\r\n"
                            "Content-Length: 900000\r\n",
                            body))
                  .status,
              400);
    client = TestClient(server_->port());  // a fault ends a connection
  }
}

TEST_F(LargeBodiesTest, MoreThanTheBudgetIsRefusedBeforeItComes) {
  options_.spooled_bytes = 100000;
  start();
  TestClient early(server_->port());
  const ClientAnswer answer = early.ask(post("Expect: 100-continue\r\nContent-Length: 100001\r\n"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  TestClient grown(server_->port());
  EXPECT_EQ(grown.ask(in_chunks(rows_of(200000), 10000)).status, 503);
  const std::string body = rows_of(99000);
  EXPECT_EQ(ask_until_there_is_room(in_chunks(body, 10000)).body, expected(body));
}

TEST_F(LargeBodiesTest, OverTheLimitOfTheRoute) {
  start();
  TestClient client(server_->port());
  EXPECT_EQ(client.ask(post("Expect: 100-continue\r\nContent-Length: 4194305\r\n")).status, 413);
  TestClient grown(server_->port());
  EXPECT_EQ(grown.ask(in_chunks(rows_of(kMost + 1), 100000)).status, 413);
  TestClient exact(server_->port());
  EXPECT_EQ(exact.ask(in_chunks(rows_of(kMost), 100000)).status, 200);
}

TEST_F(LargeBodiesTest, ADiskThatTakesNothingIsTold) {
  options_.spool_dir = folder_ + "/none";
  start();
  TestClient client(server_->port());
  const ClientAnswer answer = client.ask(with_length(rows_of(300000)));
  EXPECT_EQ(answer.status, 507);
  EXPECT_NE(answer.body.find("disk"), std::string::npos);
  EXPECT_EQ(answer.header("Connection"), "close");
  client.finish_sending();
  EXPECT_TRUE(client.is_closed());
  TestClient small(server_->port());
  EXPECT_EQ(small.ask(with_length("small")).status, 200);
  EXPECT_EQ(handled_, 1);
}

TEST_F(LargeBodiesTest, ContinuesOnlyWhatMayCome) {
  start(BodyRule::data(kMost, kInMemory),
        [](const DoorRequest& request) -> std::optional<DoorResponse> {
          EXPECT_EQ(request.body, "");
          EXPECT_EQ(request.method, "POST");
          if (request.path == "/open") return std::nullopt;
          return DoorResponse{403, "application/json", {}, "no token: " + request.header("X-Who")};
        });
  const std::string lines = "Expect: 100-continue\r\nX-Who: me\r\nContent-Length: 200000\r\n";
  TestClient refused(server_->port());
  const ClientAnswer answer = refused.ask(post(lines));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, "no token: me");
  EXPECT_EQ(answer.header("Connection"), "close");
  refused.finish_sending();
  EXPECT_TRUE(refused.is_closed());
  TestClient pushing(server_->port());
  pushing.send(in_chunks(rows_of(300000), 5000));
  EXPECT_EQ(pushing.receive().status, 403);
  EXPECT_EQ(handled_, 0);
  TestClient small(server_->port());
  EXPECT_EQ(small.ask(with_length("small")).status, 200) << "what is in memory is the handler's";
  TestClient open(server_->port());
  EXPECT_EQ(open.ask(post(lines, "", "/open")).status, 100);
  const std::string body = rows_of(200000);
  EXPECT_EQ(open.ask(body).body, expected(body));
}

TEST_F(LargeBodiesTest, ASlowBodyIsCutOff) {
  options_.body_deadline = std::chrono::milliseconds(200);
  start();
  TestClient client(server_->port());
  client.send(post("Content-Length: 200000\r\n", rows_of(100000)));
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(LargeBodiesTest, PackedDataIsHandedOnAsItCame) {
  start();
  TestClient client(server_->port());
  for (const size_t size : {100, 100000}) {
    for (const std::string coding : {"gzip", "zstd"}) {
      const std::string packed = rows_of(size);
      const ClientAnswer answer =
          client.ask(post("Content-Encoding: " + coding +
                              "\r\nContent-Length: " + std::to_string(packed.size()) + "\r\n",
                          packed));
      EXPECT_EQ(answer.body, expected(packed));
      EXPECT_EQ(answer.header("X-Encoding"), coding);
    }
  }
  start(BodyRule(kMost));
  TestClient plain(server_->port());
  EXPECT_EQ(plain.ask(post("Content-Encoding: zstd\r\nContent-Length: 5\r\n", "hello")).status,
            415);
  TestClient gzip(server_->port());
  const std::string packed = test::gzip_bytes("hello");
  EXPECT_EQ(gzip.ask(post("Content-Encoding: gzip\r\nContent-Length: " +
                              std::to_string(packed.size()) + "\r\n",
                          packed))
                .body,
            expected("hello"));
}

TEST_F(LargeBodiesTest, AFormOnTheDisk) {
  start();
  TestClient client(server_->port());
  const std::string rows = rows_of(500000);
  const std::string body =
      "--B\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\nappend\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"csv\"; filename=\"a.csv\"\r\n\r\n" +
      rows + "\r\n--B--\r\n";
  const auto form = [](const std::string& bytes) {
    return post("Content-Type: multipart/form-data; boundary=B\r\nContent-Length: " +
                    std::to_string(bytes.size()) + "\r\n",
                bytes);
  };
  EXPECT_EQ(client.ask(form(body)).body,
            expected(body) + "\nmode append " + hex_of("append") + "\ncsv  " + hex_of(rows));
  EXPECT_EQ(client.ask(form(body.substr(0, body.size() - 9))).status, 400);
}

TEST_F(LargeBodiesTest, OthersAreServedWhileOneComes) {
  options_.workers = 1;
  start(BodyRule::data(uint64_t{1} << 30));
  const auto measure = [this](const std::atomic<bool>& going) {
    TestClient client(server_->port());
    std::vector<microseconds> times;
    while (going || times.size() < 200) {
      const auto begin = steady_clock::now();
      EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
      times.push_back(std::chrono::duration_cast<microseconds>(steady_clock::now() - begin));
    }
    std::ranges::sort(times);
    return times[times.size() * 99 / 100];
  };
  std::atomic<bool> going = false;
  const microseconds alone = measure(going);
  going = true;
  constexpr size_t kBytes = 128 * 1024 * 1024;
  double seconds = 0;
  std::jthread upload([&] {
    TestClient client(server_->port());
    const std::string block = rows_of(1024 * 1024);
    const auto begin = steady_clock::now();
    client.send(post("Content-Length: " + std::to_string(kBytes) + "\r\n", "", "/unread"));
    for (size_t sent = 0; sent < kBytes; sent += block.size()) client.send(block);
    const ClientAnswer answer = client.receive();
    seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    going = false;
    EXPECT_EQ(answer.header("X-Where"), "disk");
  });
  const microseconds beside = measure(going);
  upload.join();
  std::printf("%.0f MB/s; p99 of others alone %ld us, beside it %ld us\n",
              static_cast<double>(kBytes) / 1e6 / seconds, static_cast<long>(alone.count()),
              static_cast<long>(beside.count()));
  EXPECT_LE(beside, 10 * alone + std::chrono::milliseconds(100));
}

}  // namespace
}  // namespace sluice

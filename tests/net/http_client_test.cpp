#include "net/http_client.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/error.h"
#include "net/loopback_server.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Some: a\r\n\r\nok";

class HttpClientTest : public testing::Test {
 protected:
  HttpRequest get(const LoopbackServer& server, const std::string& path = "/") {
    HttpRequest request;
    request.url = server.url() + path;
    return request;
  }
  Error error_of(const HttpRequest& request) {
    try {
      client_->send(request);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {ErrorCode::kInternal, ""};
  }
  /// The code for a server that answers exactly these bytes and closes.
  ErrorCode code_for(const std::string& answer) {
    LoopbackServer server([&](LoopbackConnection& connection) {
      connection.read_head();
      connection.write(answer);
    });
    return error_of(get(server)).code();
  }
  std::unique_ptr<HttpClient> client_ = make_curl_client();
};

TEST_F(HttpClientTest, SendsTheAddressAsItIsAndNoHeaderOfItsOwn) {
  std::string head;
  LoopbackServer server([&](LoopbackConnection& connection) {
    head = connection.read_head();
    connection.write(kOk);
  });
  HttpRequest request = get(server, "/b//a%2Fb/../c/.%2E/%20?x=%2B&y");
  request.headers = {{"X-One", "1"}, {"X-Empty", ""}};
  const HttpResponse response = client_->send(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok");
  EXPECT_EQ(response.header("x-SOME"), "a");
  EXPECT_EQ(response.header("none"), "");
  EXPECT_EQ(head, "GET /b//a%2Fb/../c/.%2E/%20?x=%2B&y HTTP/1.1\r\nHost: " +
                      server.url().substr(7) + "\r\nX-One: 1\r\nX-Empty:\r\n\r\n");
}

TEST_F(HttpClientTest, SendsBodiesFromMemoryAndFromARangeOfAFile) {
  std::string path = testing::TempDir() + "sluice-body-XXXXXX";
  const int fd = mkstemp(path.data());
  ASSERT_EQ(write(fd, "0123456789", 10), 10);
  close(fd);
  std::vector<std::string> seen;
  LoopbackServer server([&](LoopbackConnection& connection) {
    for (const size_t size : {3U, 4U, 0U, 0U}) {
      const std::string head = connection.read_head();
      EXPECT_THAT(head, HasSubstr("Content-Length: " + std::to_string(size) + "\r\n"));
      EXPECT_THAT(head, Not(HasSubstr("Expect")));
      EXPECT_THAT(head, Not(HasSubstr("Content-Type")));
      seen.push_back(head.substr(0, head.find(' ')) + " " + connection.read_body(size));
      connection.write(kOk);
    }
  });
  HttpRequest request = get(server);
  request.method = "POST";
  request.body = "abc";
  client_->send(request);
  request.method = "PUT";
  request.body_file = path;
  request.body_offset = 2;
  request.body_size = 4;
  client_->send(request);
  HttpRequest empty = get(server);
  empty.method = "PUT";
  client_->send(empty);
  empty.method = "POST";
  client_->send(empty);
  EXPECT_THAT(seen, testing::ElementsAre("POST abc", "PUT 2345", "PUT ", "POST "));
  EXPECT_EQ(server.connections(), 1);

  LoopbackServer other([](LoopbackConnection& connection) { connection.wait_for_close(); });
  request.url = other.url();
  request.body_size = 100;
  EXPECT_EQ(error_of(request).code(), ErrorCode::kStorage);
  std::remove(path.c_str());
  EXPECT_EQ(error_of(request).code(), ErrorCode::kStorage);
}

TEST_F(HttpClientTest, HeadAndErrorStatusesAreAnswers) {
  LoopbackServer server([&](LoopbackConnection& connection) {
    const std::string head = connection.read_head();
    EXPECT_THAT(head, StartsWith("HEAD /"));
    connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 12345\r\n\r\n");
    connection.read_head();
    connection.write("HTTP/1.1 301 Moved\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n");
  });
  HttpRequest request = get(server);
  request.method = "HEAD";
  EXPECT_EQ(client_->send(request).status, 404);
  EXPECT_EQ(client_->send(get(server)).status, 301);
}

TEST_F(HttpClientTest, IncompleteAnswersAreUnavailable) {
  EXPECT_EQ(code_for(""), ErrorCode::kUnavailable);
  EXPECT_EQ(code_for("HTTP/1.1 200 OK\r\nContent-Le"), ErrorCode::kUnavailable);
  EXPECT_EQ(code_for("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"),
            ErrorCode::kUnavailable);
  EXPECT_EQ(code_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123"),
            ErrorCode::kUnavailable);
  EXPECT_EQ(code_for("no http at all\r\n\r\n"), ErrorCode::kUnavailable);
}

TEST_F(HttpClientTest, AnswersOverTheLimitAreTooLarge) {
  EXPECT_EQ(code_for("HTTP/1.1 200 OK\r\n\r\n" + std::string(limits::kResponseBytes + 1, 'x')),
            ErrorCode::kTooLarge);
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) head += "X-H: " + std::string(1000, 'x') + "\r\n";
  EXPECT_EQ(code_for(head + "\r\n"), ErrorCode::kTooLarge);
}

TEST_F(HttpClientTest, SuccessBeforeTheWholeBodyIsNone) {
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.read_body(1000);
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  const std::string body(50'000'000, 'x');
  HttpRequest request = get(server);
  request.method = "PUT";
  request.body = body;
  EXPECT_EQ(error_of(request).code(), ErrorCode::kUnavailable);
}

TEST_F(HttpClientTest, SilenceEndsAsTimeout) {
  LoopbackServer server([](LoopbackConnection& connection) {
    connection.read_head();
    connection.wait_for_close();
  });
  HttpRequest request = get(server);
  request.timeout = std::chrono::seconds(1);
  EXPECT_EQ(error_of(request).code(), ErrorCode::kTimeout);
  request.timeout = std::chrono::seconds(60);
  request.stalled = std::chrono::seconds(1);
  EXPECT_EQ(error_of(request).code(), ErrorCode::kTimeout);
}

TEST_F(HttpClientTest, StopEndsAnExchangeThatHangs) {
  std::stop_source stop;
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    stop.request_stop();
    connection.wait_for_close();
  });
  HttpRequest request = get(server);
  request.stop = stop.get_token();
  EXPECT_EQ(error_of(request).code(), ErrorCode::kCancelled);
  EXPECT_EQ(error_of(request).code(), ErrorCode::kCancelled);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, KeptConnectionThatWasClosedIsReplaced) {
  LoopbackServer server([](LoopbackConnection& connection) {
    connection.read_head();
    connection.write(kOk);
  });
  for (int i = 0; i < 20; ++i) {
    try {
      EXPECT_EQ(client_->send(get(server)).status, 200);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnavailable);  // The race that the caller repeats.
    }
  }
}

TEST_F(HttpClientTest, PostIsNotSentTwiceOverABrokenConnection) {
  std::atomic<int> posts = 0;
  LoopbackServer server([&](LoopbackConnection& connection) {
    connection.read_head();
    connection.write(kOk);
    if (connection.read_head().starts_with("POST")) ++posts;
    connection.reset_on_close();
  });
  client_->send(get(server));
  HttpRequest request = get(server);
  request.method = "POST";
  request.body = "abc";
  EXPECT_EQ(error_of(request).code(), ErrorCode::kUnavailable);
  EXPECT_EQ(posts, 1);
}

TEST_F(HttpClientTest, BadRequestsAndUnreachableHostsSayWhy) {
  HttpRequest request;
  request.url = "ftp://127.0.0.1/";
  EXPECT_EQ(error_of(request).code(), ErrorCode::kInvalid);
  request.url = "http://127.0.0.1:1/secret?token=secret";
  const Error refused = error_of(request);
  EXPECT_EQ(refused.code(), ErrorCode::kUnavailable);
  EXPECT_THAT(refused.message(), HasSubstr("http://127.0.0.1:1"));
  EXPECT_THAT(refused.message(), Not(HasSubstr("secret")));
  request.url = "http://name.invalid/";
  EXPECT_EQ(error_of(request).code(), ErrorCode::kUnavailable);
  request.headers = {{"X-A", "a\r\nX-B: b"}};
  EXPECT_EQ(error_of(request).code(), ErrorCode::kInvalid);
}

TEST_F(HttpClientTest, ManyThreadsSendAtOnce) {
  LoopbackServer server([](LoopbackConnection& connection) {
    while (!connection.read_head().empty()) connection.write(kOk);
  });
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n) answered += client_->send(get(server)).status == 200;
      });
    }
  }
  EXPECT_EQ(answered, 400);
  EXPECT_LE(server.connections(), 8);
  client_.reset();  // Closes the connections, so that the server's threads end.
}

TEST_F(HttpClientTest, AnAddressThatThePolicyRefusesIsNotConnectedTo) {
  std::atomic<int> connections = 0;
  LoopbackServer server([&](LoopbackConnection& connection) {
    ++connections;
    connection.read_head();
    connection.write(kOk);
  });
  const auto closed = make_curl_client(EndpointPolicy({}, false));
  HttpRequest request = get(server);
  const Error error = caught([&] { closed->send(request); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.message(), HasSubstr("127.0.0.1 is this machine's own address"));
  EXPECT_THAT(error.hint(), HasSubstr("--allow-endpoint"));
  // A name leads where it resolves to.
  request.url = "http://localhost:" + server.url().substr(server.url().rfind(':') + 1) + "/";
  EXPECT_EQ(caught([&] { closed->send(request); }).code(), ErrorCode::kForbidden);
  EXPECT_EQ(connections, 0);
  EXPECT_EQ(make_curl_client(EndpointPolicy({"localhost"}, false))->send(request).status, 200);
  EXPECT_EQ(make_curl_client(EndpointPolicy({}, true))->send(request).status, 200);
}

TEST_F(HttpClientTest, MetadataAddressesAreRefusedInEverySpelling) {
  const auto client = make_curl_client(EndpointPolicy({"*", "0.0.0.0/0", "::/0"}, true));
  for (const char* host : {"169.254.169.254", "2852039166", "0xa9.0xfe.0xa9.0xfe", "0251.254.43518",
                           "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "0.0.0.0", "[fe80::1]",
                           "[fd00:ec2::254]"}) {
    HttpRequest request;
    request.url = std::string("http://") + host + "/latest/meta-data/";
    request.timeout = std::chrono::seconds(2);
    EXPECT_EQ(caught([&] { client->send(request); }).code(), ErrorCode::kForbidden) << host;
  }
}

}  // namespace
}  // namespace sluice

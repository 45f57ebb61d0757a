#include "door/http_exchange.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "door/gzip_bytes.h"

namespace sluice {
namespace {

/// What the handler saw, and what came out, of one request.
class HttpExchangeTest : public testing::Test {
 protected:
  std::string answer(CompleteRequest request) {
    HttpExchange exchange(options_, marks_, handler_, gate_);
    const RawAnswer answer = exchange.answer(std::move(request), {});
    closed_ = answer.close;
    return answer.bytes;
  }

  static CompleteRequest request(const std::string& method, std::vector<Header> headers = {},
                                 std::string body = {}) {
    CompleteRequest made;
    made.head.method = method;
    made.head.target = "/p%20q?x=%0d";
    made.head.path = "/p%20q";
    made.head.query = "x=%0d";
    made.head.headers = std::move(headers);
    made.body = std::move(body);
    made.rule = 1000;
    made.remote_address = "10.1.2.3";
    return made;
  }

  static CompleteRequest form(const std::string& body) {
    return request("POST", {{"content-type", "multipart/form-data; boundary=B"}}, body);
  }

  const std::unique_ptr<Clock> clock_ = make_system_clock();
  const AnswerMarks marks_{[] { return std::string("made-id"); }, clock_.get()};
  const DoorOptions options_;
  DoorResponse response_;
  DoorRequest seen_;
  BodyGate gate_;
  bool called_ = false;
  bool closed_ = false;
  DoorHandler handler_ = [this](const DoorRequest& request) {
    called_ = true;
    seen_ = request;
    return response_;
  };
};

TEST_F(HttpExchangeTest, HandsTheRequestOverAsItCame) {
  answer(request(
      "PUT", {{"X-Injected", "a%0d%0aX: 1"}, {"REMOTE_ADDR", "6.6.6.6"}, {"Range", "bytes=0-0"}},
      "a=b%20c"));
  EXPECT_EQ(seen_.method, "PUT");
  EXPECT_EQ(seen_.target, "/p%20q?x=%0d");
  EXPECT_EQ(seen_.path, "/p%20q");
  EXPECT_EQ(seen_.query, "x=%0d");
  EXPECT_EQ(seen_.body, "a=b%20c");
  EXPECT_EQ(seen_.headers.size(), 3U);
  EXPECT_EQ(seen_.header("X-Injected"), "a%0d%0aX: 1");
  EXPECT_EQ(seen_.remote_address, "10.1.2.3");
}

TEST_F(HttpExchangeTest, WritesTheAnswer) {
  response_ = {201, "text/csv", {{"X-Mine", "1"}}, "a,b\n"};
  const std::string bytes = answer(request("GET"));
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 201 Created\r\n")) << bytes;
  for (const std::string line : {"Content-Type: text/csv\r\n", "Content-Length: 4\r\n",
                                 "X-Mine: 1\r\n", "X-Request-Id: made-id\r\n", "Date: "}) {
    EXPECT_NE(bytes.find(line), std::string::npos) << line << bytes;
  }
  EXPECT_TRUE(bytes.ends_with("\r\n\r\na,b\n"));
  EXPECT_FALSE(closed_);
}

TEST_F(HttpExchangeTest, KeepsTheRequestIdOfTheHandler) {
  response_.headers = {{"x-request-id", "own-id"}};
  const std::string bytes = answer(request("GET"));
  EXPECT_NE(bytes.find("own-id"), std::string::npos);
  EXPECT_EQ(bytes.find("made-id"), std::string::npos);
}

TEST_F(HttpExchangeTest, DropsHeadersThatWouldSplitTheAnswer) {
  response_.headers = {{"X-A", "1\r\nX-Evil: 1"}, {"X-B\r\nX-Evil", "1"}, {"X-C", "2"}};
  response_.content_type = "text/plain\r\nX-Evil: 1";
  response_.body = "x";
  const std::string bytes = answer(request("GET"));
  EXPECT_EQ(bytes.find("X-Evil"), std::string::npos) << bytes;
  EXPECT_NE(bytes.find("X-C: 2\r\n"), std::string::npos);
}

TEST_F(HttpExchangeTest, AnswersWithoutContentHaveNoLength) {
  response_.status = 204;
  EXPECT_EQ(answer(request("DELETE")).find("Content-Length"), std::string::npos);
}

TEST_F(HttpExchangeTest, AnswersAHeadRequestWithoutItsBody) {
  response_.body = "hello";
  const std::string bytes = answer(request("HEAD"));
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n")) << bytes;
  EXPECT_NE(bytes.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_EQ(seen_.method, "HEAD");
}

TEST_F(HttpExchangeTest, SaysThatTheConnectionEnds) {
  CompleteRequest last = request("GET");
  last.head.keep_alive = false;
  EXPECT_NE(answer(std::move(last)).find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(closed_);
}

TEST_F(HttpExchangeTest, TellsNothingOfWhatAHandlerThrows) {
  handler_ = [](const DoorRequest&) -> DoorResponse {
    throw std::runtime_error("secret /srv/path");
  };
  const std::string bytes = answer(request("GET"));
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 500 ")) << bytes;
  EXPECT_NE(bytes.find(R"({"error": ")"), std::string::npos);
  EXPECT_EQ(bytes.find("secret"), std::string::npos);
  EXPECT_EQ(bytes.find("EXCEPTION"), std::string::npos);
  EXPECT_TRUE(closed_);
  handler_ = [](const DoorRequest&) -> DoorResponse { throw 7; };
  EXPECT_TRUE(answer(request("GET")).starts_with("HTTP/1.1 500 "));
}

TEST_F(HttpExchangeTest, UnpacksGzipWithinTheLimit) {
  const auto packed = [](const std::string& body) {
    CompleteRequest made = request("POST", {{"Content-Encoding", "gzip"}}, test::gzip_bytes(body));
    made.head.coding = ContentCoding::kGzip;
    return made;
  };
  answer(packed("hello"));
  EXPECT_EQ(seen_.body, "hello");
  called_ = false;
  EXPECT_TRUE(answer(packed(std::string(1001, 'x'))).starts_with("HTTP/1.1 413 "));
  EXPECT_FALSE(called_);
}

TEST_F(HttpExchangeTest, TakesAFormApart) {
  answer(
      form("--B\r\nContent-Disposition: form-data; name=\"sql\"\r\n\r\nSELECT 1\r\n"
           "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.sql\"\r\n"
           "Content-Type: text/plain\r\n\r\nline\r\nline\r\n--B--\r\n"));
  ASSERT_EQ(seen_.parts.size(), 2U);
  EXPECT_EQ(seen_.parts[0].content, "SELECT 1");
  EXPECT_EQ(seen_.parts[1].name, "f");
  EXPECT_EQ(seen_.parts[1].filename, "a.sql");
  EXPECT_EQ(seen_.parts[1].content_type, "text/plain");
  EXPECT_EQ(seen_.parts[1].content, "line\r\nline");
}

TEST_F(HttpExchangeTest, TakesASpooledFormApart) {
  CompleteRequest made = form({});
  made.upload = range_in_memory(
      "--B\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\nappend\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"csv\"; filename=\"a\"\r\n\r\n1,2\r\n--B--");
  const auto upload = made.upload;
  answer(std::move(made));
  EXPECT_EQ(seen_.upload, upload);
  ASSERT_EQ(seen_.parts.size(), 2U);
  EXPECT_EQ(seen_.parts[0].content, "append");
  EXPECT_EQ(seen_.parts[1].content, "");
  EXPECT_EQ(bytes_of(*body_range(seen_.parts[1])), "1,2");
}

TEST_F(HttpExchangeTest, HandsDataOnAsItCame) {
  CompleteRequest made = request("POST", {{"Content-Encoding", "gzip"}}, test::gzip_bytes("hello"));
  made.head.coding = ContentCoding::kGzip;
  made.rule = BodyRule::data(1000);
  answer(made);
  EXPECT_EQ(seen_.body, test::gzip_bytes("hello"));
  EXPECT_EQ(seen_.header("Content-Encoding"), "gzip");
  made.head.headers.push_back({"Content-Type", "multipart/form-data; boundary=B"});
  EXPECT_TRUE(answer(made).starts_with("HTTP/1.1 415 "));
}

TEST_F(HttpExchangeTest, AFormHasOneBoundaryOnly) {
  const std::string body =
      "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--B--\r\n";
  answer(
      request("POST", {{"Content-Type", "MULTIPART/form-data; x=b%6fundary=A; Boundary=B"}}, body));
  ASSERT_EQ(seen_.parts.size(), 1U);
  EXPECT_EQ(seen_.parts[0].name, "a");
  called_ = false;
  answer(request("POST", {{"Content-Type", "multipart/form-data; boundary=%42"}}, body));
  EXPECT_FALSE(called_);
}

TEST_F(HttpExchangeTest, AsksTheGateWithTheHeadAlone) {
  std::optional<DoorResponse> refused = DoorResponse{403, "text/plain", {{"X-Why", "1"}}, "no"};
  std::string path;
  gate_ = [&](const DoorRequest& request) {
    path = request.path + request.header("X-Who");
    return refused;
  };
  HttpExchange exchange(options_, marks_, handler_, gate_);
  const std::optional<RawAnswer> answer = exchange.refusal(request("POST", {{"X-Who", "me"}}));
  EXPECT_EQ(path, "/p%20qme");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->bytes.starts_with("HTTP/1.1 403 Forbidden\r\n")) << answer->bytes;
  EXPECT_NE(answer->bytes.find("X-Why: 1\r\n"), std::string::npos);
  EXPECT_NE(answer->bytes.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer->bytes.ends_with("\r\n\r\nno"));
  EXPECT_TRUE(answer->close);
  refused.reset();
  EXPECT_FALSE(exchange.refusal(request("POST")));
  EXPECT_FALSE(called_);
  gate_ = [](const DoorRequest&) -> std::optional<DoorResponse> {
    throw std::runtime_error("secret");
  };
  EXPECT_TRUE(exchange.refusal(request("POST"))->bytes.starts_with("HTTP/1.1 500 "));
}

TEST_F(HttpExchangeTest, LetsALongFormFieldThrough) {
  CompleteRequest made = request("POST", {{"Content-Type", "application/x-www-form-urlencoded"}},
                                 "sql=" + std::string(100000, 'x'));
  answer(std::move(made));
  EXPECT_EQ(seen_.body.size(), 100004U);
}

TEST_F(HttpExchangeTest, RefusesAFormThatIsNotWhole) {
  for (const std::string body : {"", "x", "--B\r\nContent-Dispo",
                                 "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv"}) {
    called_ = false;
    const std::string bytes = answer(form(body));
    EXPECT_TRUE(bytes.starts_with("HTTP/1.1 400 ")) << body << bytes;
    EXPECT_FALSE(called_) << body;
  }
}

TEST_F(HttpExchangeTest, HostileFormsTakeNoLongTime) {
  std::string line = "Content-Disposition: form-data; name=\"";
  while (line.size() < 480) line += "\";filename=\"";
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "--B\r\n" + line + "\r\n\r\nv\r\n";
  std::string near_ends;
  while (near_ends.size() < 1024 * 1024) near_ends += "\r\n--A\r\n-\r";
  const auto begin = std::chrono::steady_clock::now();
  answer(form(lines));
  answer(form("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + near_ends));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

}  // namespace
}  // namespace sluice

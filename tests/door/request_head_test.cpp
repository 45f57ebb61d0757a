#include "door/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

/// A GET with these lines after the request line.
std::string with(const std::string& lines) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

RequestHead good(const std::string& text) {
  auto head = parse_request_head(text);
  if (const Fault* fault = std::get_if<Fault>(&head)) {
    ADD_FAILURE() << fault->sentence << " for " << text;
    return {};
  }
  return std::get<RequestHead>(head);
}

int status_of(const std::string& text) {
  auto head = parse_request_head(text);
  const Fault* fault = std::get_if<Fault>(&head);
  return fault ? fault->status : 0;
}

TEST(RequestHead, ReadsLineAndHeadersAsSent) {
  const RequestHead head = good(
      "POST /a%20b/c?x=%0d&y HTTP/1.1\r\nHost: a\r\nX-Plain:  %0d%0aX: 1 \t\r\n"
      "Content-Length: 12\r\n\r\n");
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a%20b/c?x=%0d&y");
  EXPECT_EQ(head.path, "/a%20b/c");
  EXPECT_EQ(head.query, "x=%0d&y");
  EXPECT_EQ(find_header(head.headers, "x-plain")->value, "%0d%0aX: 1");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_FALSE(head.chunked);
  EXPECT_TRUE(head.keep_alive);
}

TEST(RequestHead, ReadsTheFormsOfTheTarget) {
  EXPECT_EQ(good("GET http://a:1/b?c HTTP/1.1\r\nHost: a\r\n\r\n").path, "/b");
  EXPECT_EQ(good("GET http://a?c HTTP/1.1\r\nHost: a\r\n\r\n").query, "c");
  EXPECT_EQ(good("GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n").path, "/");
  EXPECT_EQ(good("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path, "*");
  EXPECT_EQ(good("GET //a/../b HTTP/1.1\r\nHost: a\r\n\r\n").path, "//a/../b");
}

TEST(RequestHead, RefusesAMalformedRequestLine) {
  const std::string rest = "\r\nHost: a\r\n\r\n";
  for (const std::string line :
       {"GET", "GET /", "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
        "GET /a b HTTP/1.1", "GET a HTTP/1.1", "GET ftp://a/ HTTP/1.1", "GET * HTTP/1.1",
        "GET /#x HTTP/1.1", "GET\t/ HTTP/1.1", "G(T / HTTP/1.1", "GET / HTTP/1.", "GET / http/1.1",
        "GET / HTTP/1.10", "GET / HTTP/11", "GET / XTTP/1.1", "GET / HTTP/a.1"}) {
    EXPECT_EQ(status_of(line + rest), 400) << line;
  }
  EXPECT_EQ(status_of("GET / HTTP/2.0" + rest), 505);
  EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(status_of("BREW / HTTP/1.1" + rest), 501);
  EXPECT_EQ(status_of("CONNECT a:1 HTTP/1.1" + rest), 501);
  EXPECT_EQ(status_of("get / HTTP/1.1" + rest), 501);
}

TEST(RequestHead, RefusesMalformedHeaders) {
  for (const std::string line :
       {"X : 1\r\n", "X\t: 1\r\n", ": 1\r\n", "X\r\n", " X: 1\r\n", "X: 1\r\n 2\r\n",
        "X: 1\r\n\t2\r\n", "X(: 1\r\n", "X\x80: 1\r\n", "Host: b\r\n"}) {
    EXPECT_EQ(status_of(with(line)), 400) << line;
  }
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0) << "HTTP/1.0 needs none";
}

TEST(RequestHead, RefusesMoreThanAHundredHeaders) {
  std::string lines;
  for (int i = 0; i < 99; ++i) lines += "X: 1\r\n";
  EXPECT_EQ(status_of(with(lines)), 0);
  EXPECT_EQ(status_of(with(lines + "X: 1\r\n")), 431);
}

TEST(RequestHead, RefusesFramingThatCanBeReadTwoWays) {
  for (const std::string lines :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3\r\ncontent-length: 4\r\n",
        "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n", "Content-Length: 3 3\r\n", "Content-Length:\r\n",
        "Content-Length: 3a\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    EXPECT_EQ(status_of(with(lines)), 400) << lines;
  }
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  for (const std::string coding :
       {"gzip, chunked", "chunked, identity", "identity", "xchunked", "chunked;q=1", "\"chunked\"",
        "\x0b"
        "chunked",
        ""}) {
    EXPECT_EQ(status_of(with("Transfer-Encoding: " + coding + "\r\n")), 501) << coding;
  }
  EXPECT_TRUE(good(with("Transfer-Encoding:  Chunked \r\n")).chunked);
  EXPECT_EQ(status_of(with("Content-Length: 99999999999999999999999\r\n")), 413);
  EXPECT_EQ(good(with("Content-Length: 007\r\n")).content_length, 7U);
}

TEST(RequestHead, KnowsWhenTheConnectionEnds) {
  EXPECT_FALSE(good(with("Connection: close\r\n")).keep_alive);
  EXPECT_FALSE(good(with("Connection: TE, Close\r\n")).keep_alive);
  EXPECT_FALSE(good(with("Connection: TE\r\nConnection: close\r\n")).keep_alive);
  EXPECT_TRUE(good(with("Connection: closed\r\n")).keep_alive);
  EXPECT_FALSE(good("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(RequestHead, ReadsCodingAndExpectation) {
  EXPECT_EQ(good(with("Content-Encoding: GZIP\r\n")).coding, ContentCoding::kGzip);
  EXPECT_EQ(good(with("Content-Encoding: identity\r\n")).coding, ContentCoding::kIdentity);
  EXPECT_EQ(status_of(with("Content-Encoding: br\r\n")), 415);
  EXPECT_EQ(status_of(with("Content-Encoding: gzip, gzip\r\n")), 415);
  EXPECT_EQ(status_of(with("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n")), 415);
  EXPECT_TRUE(good(with("Expect: 100-Continue\r\n")).expect_continue);
  EXPECT_EQ(status_of(with("Expect: 200-ok\r\n")), 417);
  EXPECT_FALSE(good("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expect_continue);
}

TEST(RequestHead, FindsTheEndHoweverTheBytesArrive) {
  const std::string head = with("X: 1\r\n");
  for (size_t cut = 0; cut < head.size(); ++cut) {
    const HeadEnd part = find_head_end(head.substr(0, cut), 0);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(part)) << cut;
    const HeadEnd whole = find_head_end(head + "more", cut);
    ASSERT_TRUE(std::holds_alternative<size_t>(whole)) << cut;
    EXPECT_EQ(std::get<size_t>(whole), head.size());
  }
}

TEST(RequestHead, RefusesBytesThatNoHeadHasAtOnce) {
  using namespace std::string_literals;
  for (const std::string& bytes :
       {"GET / HTTP/1.1\n"s, "\n"s, "GET / HTTP/1.1\r\rX"s, "GET / HTTP/1.1\rX"s, "GET /\0"s,
        "GET /\x01"s, "GET /\x7f"s, "\x16\x03\x01"s}) {
    EXPECT_TRUE(std::holds_alternative<Fault>(find_head_end(bytes, 0))) << bytes;
    EXPECT_TRUE(std::holds_alternative<Fault>(find_head_end(bytes, bytes.size() - 1))) << bytes;
  }
}

}  // namespace
}  // namespace sluice

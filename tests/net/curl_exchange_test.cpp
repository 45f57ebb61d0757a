#include "net/curl_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/caught.h"

namespace sluice {
namespace {

std::vector<std::string> lines_of(const HttpRequest& request) {
  std::vector<std::string> lines;
  const CurlSlist list = header_list(request);
  for (const curl_slist* at = list.get(); at != nullptr; at = at->next)
    lines.emplace_back(at->data);
  return lines;
}

TEST(CurlExchangeTest, OnlyTheRequestsOwnHeadersAreSent) {
  HttpRequest request;
  request.headers = {{"X-One", "1"}, {"X-Empty", ""}};
  EXPECT_THAT(lines_of(request),
              testing::ElementsAre("X-One: 1", "X-Empty;", "Accept:", "Content-Type:", "Expect:"));
  request.headers = {{"X-One", "1\r\nX-Two: 2"}};
  EXPECT_EQ(caught([&] { lines_of(request); }).code(), ErrorCode::kInvalid);
}

TEST(CurlExchangeTest, RequestsThatCannotBeSentAreRefused) {
  HttpRequest request;
  for (const char* url : {"ftp://host/", "host", "http://host/\n"}) {
    request.url = url;
    EXPECT_EQ(caught([&] { check_request(request); }).code(), ErrorCode::kInvalid) << url;
  }
  request.url = "https://host/";
  EXPECT_NO_THROW(check_request(request));
  std::stop_source stop;
  stop.request_stop();
  request.stop = stop.get_token();
  EXPECT_EQ(caught([&] { check_request(request); }).code(), ErrorCode::kCancelled);
}

TEST(CurlExchangeTest, FailuresNameTheServerAndNotThePath) {
  HttpRequest request;
  request.url = "https://host:1/path?secret";
  const EndpointPolicy policy = EndpointPolicy::anywhere();
  const CurlExchange exchange(request, policy);
  const Error error = translate_curl(CURLE_COULDNT_CONNECT, "", exchange);
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_THAT(error.what(), testing::HasSubstr("https://host:1"));
  EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("secret")));
  EXPECT_EQ(translate_curl(CURLE_OPERATION_TIMEDOUT, "", exchange).code(), ErrorCode::kTimeout);
}

}  // namespace
}  // namespace sluice

#include "object_store/s3_fault.h"

#include <gmock/gmock.h>

namespace sluice {
namespace {

using testing::HasSubstr;

HttpResponse answer(int status, const std::string& body, std::vector<HttpHeader> headers = {}) {
  HttpResponse response;
  response.status = status;
  response.body = body;
  response.headers = std::move(headers);
  return response;
}

TEST(S3Fault, ReadsCodeMessageRegionAndDate) {
  const S3Fault fault = read_fault(
      answer(400, "<Error><Code>C</Code><Message>a\nb</Message><Region>r</Region></Error>",
             {{"Date", "today"}}));
  EXPECT_EQ(fault.code, "C");
  EXPECT_EQ(fault.message, "a b");
  EXPECT_EQ(fault.region, "r");
  EXPECT_EQ(fault.date, "today");
  EXPECT_EQ(read_fault(answer(301, "", {{"x-amz-bucket-region", "x"}})).region, "x");
}

TEST(S3Fault, LongMessagesAreCutAtACharacter) {
  std::string text = "x";
  for (int i = 0; i < 200; ++i) text += "ü";
  const S3Fault fault =
      read_fault(answer(400, "<Error><Code>C</Code><Message>" + text + "</Message></Error>"));
  EXPECT_EQ(fault.message.size(), 299U);
  EXPECT_TRUE(fault.message.ends_with("ü"));
}

TEST(S3Fault, SuccessWithoutItsBodyIsIncompleteAndMayHeal) {
  for (const char* body : {"", "<Comple", "<html/>"}) {
    const S3Fault fault = read_fault(answer(200, body));
    EXPECT_EQ(fault.code, kIncompleteAnswer);
    EXPECT_TRUE(may_heal(fault));
  }
  EXPECT_TRUE(may_heal(read_fault(answer(200, "<Error><Code>SlowDown</Code></Error>"))));
  EXPECT_FALSE(may_heal(read_fault(answer(200, "<Error><Code>AccessDenied</Code></Error>"))));
}

TEST(S3Fault, OnlyTheStoresOwnTroubleMayHeal) {
  for (int status : {408, 429, 500, 502, 503, 504}) {
    EXPECT_TRUE(may_heal(read_fault(answer(status, "")))) << status;
  }
  for (int status : {301, 307, 400, 403, 404, 409, 412, 501}) {
    EXPECT_FALSE(may_heal(read_fault(answer(status, "")))) << status;
  }
}

TEST(S3Fault, ThrottlingIsToldFromTrouble) {
  EXPECT_TRUE(is_throttled(read_fault(answer(503, "<Error><Code>SlowDown</Code></Error>"))));
  EXPECT_TRUE(is_throttled(read_fault(answer(200, "<Error><Code>SlowDown</Code></Error>"))));
  EXPECT_TRUE(is_throttled(read_fault(answer(429, ""))));
  EXPECT_FALSE(is_throttled(read_fault(answer(503, ""))));
  EXPECT_FALSE(is_throttled(read_fault(answer(500, "<Error><Code>InternalError</Code></Error>"))));
}

TEST(S3Fault, UnknownCodesGoByTheStatus) {
  const auto code_of = [](int status) {
    return to_error({.status = status, .code = "New"}, "writing x", "us-east-1").code();
  };
  EXPECT_EQ(code_of(400), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(401), ErrorCode::kUnauthenticated);
  EXPECT_EQ(code_of(403), ErrorCode::kForbidden);
  EXPECT_EQ(code_of(404), ErrorCode::kNotFound);
  EXPECT_EQ(code_of(409), ErrorCode::kConflict);
  EXPECT_EQ(code_of(500), ErrorCode::kUnavailable);
}

TEST(S3Fault, AnotherRegionIsNamed) {
  const Error error = to_error({.status = 301, .region = "eu-west-1"}, "writing x", "us-east-1");
  EXPECT_THAT(error.hint(), HasSubstr("eu-west-1"));
  EXPECT_THAT(error.hint(), HasSubstr("us-east-1"));
  EXPECT_THAT(error.message(), HasSubstr("writing x"));
}

TEST(S3Fault, TheRegionIsFoundWhereverItStands) {
  const auto region = [](std::vector<HttpHeader> headers, const std::string& body) {
    return read_fault({301, std::move(headers), body}).region;
  };
  EXPECT_EQ(region({{"x-amz-bucket-region", "eu-west-1"}}, ""), "eu-west-1");
  EXPECT_EQ(region({}, "<Error><Code>A</Code><Region>eu-west-2</Region></Error>"), "eu-west-2");
  EXPECT_EQ(region({}, "<Error><Endpoint>b.s3.eu-west-3.amazonaws.com</Endpoint></Error>"),
            "eu-west-3");
  EXPECT_EQ(region({}, "<Error><Endpoint>b.s3-sa-east-1.amazonaws.com</Endpoint></Error>"),
            "sa-east-1");
  EXPECT_EQ(region({{"Location", "https://b.s3.cn-north-1.amazonaws.com.cn/k"}}, ""), "cn-north-1");
  EXPECT_EQ(region({{"Location", "https://b.s3.amazonaws.com/k"}}, ""), "");
  EXPECT_EQ(region({{"Location", "https://elsewhere.test/k"}}, ""), "");
}

}  // namespace
}  // namespace sluice

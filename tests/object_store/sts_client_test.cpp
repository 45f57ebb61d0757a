#include "object_store/sts_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/error.h"
#include "base/hash.h"
#include "support/caught.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/scripted_client.h"

namespace sluice {
namespace {

using testing::HasSubstr;

constexpr const char* kAssumed =
    R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>)"
    R"(<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>sss</SecretAccessKey>)"
    R"(<SessionToken>ttt</SessionToken><Expiration>2026-11-23T09:30:00Z</Expiration></Credentials>)"
    R"(</AssumeRoleResult></AssumeRoleResponse>)";

HttpResponse refusal(int status, const std::string& code) {
  return {status,
          {},
          "<ErrorResponse><Error><Type>Sender</Type><Code>" + code +
              "</Code><Message>the reason</Message></Error></ErrorResponse>"};
}

class StsClientTest : public testing::Test {
 protected:
  StsClient client(HttpClient& http, const std::string& endpoint = "http://sts.test:5000") {
    return StsClient({http, clock_, random_,
                      fixed_credentials({"AKIAOWN", Secret("own secret"), Secret("own token")})},
                     endpoint, "eu-west-1");
  }
  static AssumeRole role() { return {"arn:aws:iam::123456789012:role/r", "sluice-job", "an id"}; }
  Error refused_with(int status, const std::string& code) {
    ScriptedClient http([&](const auto&) { return refusal(status, code); });
    const Error error = caught([&] { client(http).assume_role(role(), {}); });
    calls_ = http.seen().size();
    return error;
  }

  FakeClock clock_;
  FakeRandom random_;
  size_t calls_ = 0;
};

TEST_F(StsClientTest, AssumesTheRoleWithExternalIdAndSessionName) {
  ScriptedClient http([](const auto&) { return HttpResponse{200, {}, kAssumed}; });
  const IssuedCredentials issued = client(http).assume_role(role(), {});
  EXPECT_EQ(issued.value.access_key, "ASIA");
  EXPECT_EQ(issued.value.secret_key.reveal(), "sss");
  EXPECT_EQ(issued.value.session_token.reveal(), "ttt");
  EXPECT_EQ(issued.expires_at, parse_timestamp("2026-11-23 09:30:00"));
  const auto seen = http.seen().at(0);
  EXPECT_EQ(seen.request.url, "http://sts.test:5000/");
  EXPECT_THAT(seen.body, HasSubstr("Action=AssumeRole&Version=2011-06-15"));
  EXPECT_THAT(seen.body, HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr"));
  EXPECT_THAT(seen.body, HasSubstr("RoleSessionName=sluice-job"));
  EXPECT_THAT(seen.body, HasSubstr("ExternalId=an%20id"));
  EXPECT_EQ(seen.header("X-Amz-Security-Token"), "own token");
  EXPECT_THAT(seen.header("Authorization"),
              HasSubstr("Credential=AKIAOWN/20261123/eu-west-1/sts/aws4_request"));
}

TEST_F(StsClientTest, TheSignatureCoversTheBody) {
  ScriptedClient http([](const auto&) { return HttpResponse{200, {}, kAssumed}; });
  client(http).assume_role(role(), {});
  const auto seen = http.seen().at(0);
  std::vector<HttpHeader> signed_ones = seen.request.headers;
  signed_ones.pop_back();
  const sigv4::Request request{"POST", "/", "", signed_ones, hex_encode(sha256(seen.body))};
  EXPECT_EQ(seen.header("Authorization"),
            sigv4::authorization(request, {"AKIAOWN", Secret("own secret"), Secret()},
                                 {"eu-west-1", "sts", seen.header("X-Amz-Date")},
                                 sigv4::PathMode::kGeneral));
}

TEST_F(StsClientTest, EndpointsByRegion) {
  ScriptedClient http([](const auto&) { return HttpResponse{200, {}, kAssumed}; });
  client(http, "").assume_role(role(), {});
  EXPECT_EQ(http.seen().back().request.url, "https://sts.eu-west-1.amazonaws.com/");
  StsClient({http, clock_, random_, fixed_credentials({"a", Secret("b"), {}})}, "", "cn-north-1")
      .assume_role(role(), {});
  EXPECT_EQ(http.seen().back().request.url, "https://sts.cn-north-1.amazonaws.com.cn/");
}

TEST_F(StsClientTest, RefusalsAreToldApart) {
  const Error denied = refused_with(403, "AccessDenied");
  EXPECT_EQ(denied.code(), ErrorCode::kForbidden);
  EXPECT_THAT(denied.message(), HasSubstr("arn:aws:iam::123456789012:role/r"));
  EXPECT_THAT(denied.message(), HasSubstr("AccessDenied, the reason."));
  EXPECT_THAT(denied.hint(), HasSubstr("trust-policy"));
  EXPECT_EQ(calls_, 1U);
  EXPECT_EQ(refused_with(400, "ValidationError").code(), ErrorCode::kInvalid);
  EXPECT_EQ(refused_with(403, "InvalidClientTokenId").code(), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused_with(403, "SignatureDoesNotMatch").code(), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused_with(403, "ExpiredToken").code(), ErrorCode::kUnauthenticated);
  EXPECT_EQ(refused_with(403, "Strange").code(), ErrorCode::kForbidden);
  EXPECT_EQ(refused_with(404, "").code(), ErrorCode::kInvalid);
  ScriptedClient other([](const auto&) {
    return HttpResponse{
        403, {}, "<Response><Errors><Error><Code>AccessDenied</Code></Error></Errors></Response>"};
  });
  EXPECT_THAT(caught([&] { client(other).assume_role(role(), {}); }).message(),
              HasSubstr("AccessDenied"));
}

TEST_F(StsClientTest, TroubleIsWaitedOut) {
  int left = 2;
  ScriptedClient http([&](const auto&) {
    if (left-- > 0) return refusal(503, "ServiceUnavailable");
    return HttpResponse{200, {}, kAssumed};
  });
  EXPECT_EQ(client(http).assume_role(role(), {}).value.access_key, "ASIA");
  EXPECT_EQ(http.seen().size(), 3U);
  EXPECT_EQ(refused_with(500, "InternalFailure").code(), ErrorCode::kUnavailable);
  EXPECT_EQ(calls_, 5U);
  ScriptedClient away(
      [](const auto&) -> HttpResponse { throw Error(ErrorCode::kUnavailable, "Nobody there."); });
  EXPECT_ERROR(client(away).assume_role(role(), {}), kUnavailable);
}

TEST_F(StsClientTest, AWrongClockIsCorrectedOnce) {
  // The fake clock says 08:30.
  std::vector<std::string> dates;
  ScriptedClient http([&](const ScriptedClient::Seen& seen) {
    dates.push_back(seen.header("X-Amz-Date"));
    if (dates.size() == 1) {
      HttpResponse late = refusal(403, "RequestExpired");
      late.headers = {{"Date", "Mon, 23 Nov 2026 08:00:00 GMT"}};
      return late;
    }
    return HttpResponse{200, {}, kAssumed};
  });
  // STS says 09:30 by its own clock, which is 10:00 by ours.
  EXPECT_EQ(client(http).assume_role(role(), {}).expires_at,
            parse_timestamp("2026-11-23 10:00:00"));
  EXPECT_THAT(dates, testing::ElementsAre("20261123T083000Z", "20261123T080000Z"));
  EXPECT_EQ(refused_with(403, "RequestExpired").code(), ErrorCode::kUnauthenticated);
  EXPECT_EQ(calls_, 1U) << "without a date there is nothing to correct";
}

TEST_F(StsClientTest, AnAnswerWithoutKeysIsNone) {
  for (const char* body : {"<html/>", "<AssumeRoleResponse>", "x"}) {
    ScriptedClient http([&](const auto&) { return HttpResponse{200, {}, body}; });
    EXPECT_ERROR(client(http).assume_role(role(), {}), kUnavailable) << body;
  }
}

TEST_F(StsClientTest, SaysWhoWeAre) {
  ScriptedClient http([](const auto&) {
    return HttpResponse{
        200,
        {},
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"};
  });
  EXPECT_EQ(client(http).caller_arn({}), "arn:aws:iam::1:user/u");
  EXPECT_THAT(http.seen()[0].body, HasSubstr("Action=GetCallerIdentity"));
}

}  // namespace
}  // namespace sluice

#include "object_store/metadata_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "support/caught.h"
#include "support/scripted_client.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

constexpr const char* kKeys =
    R"({"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"sss","Token":"ttt",)"
    R"("Expiration":"2026-11-23T14:30:00Z"})";

/// IMDSv2 as EC2 has it: nothing without a token that it gave to a PUT.
HttpResponse instance(const ScriptedClient::Seen& seen) {
  const std::string path = seen.request.url.substr(seen.request.url.find('/', 8));
  if (path == "/latest/api/token") {
    const bool put = seen.request.method == "PUT" &&
                     seen.header("X-aws-ec2-metadata-token-ttl-seconds") == "21600";
    return put ? HttpResponse{200, {}, "a-token"} : HttpResponse{405, {}, ""};
  }
  if (seen.header("X-aws-ec2-metadata-token") != "a-token") return {401, {}, ""};
  if (path == "/latest/meta-data/iam/security-credentials/") return {200, {}, "the role\n"};
  if (path == "/latest/meta-data/iam/security-credentials/the%20role") return {200, {}, kKeys};
  return {404, {}, ""};
}

TEST(InstanceCredentials, AreAskedForWithAToken) {
  ScriptedClient http(instance);
  const auto issued = instance_credentials({}, http, {});
  ASSERT_TRUE(issued);
  EXPECT_EQ(issued->value.access_key, "ASIA");
  EXPECT_EQ(issued->value.secret_key.reveal(), "sss");
  EXPECT_EQ(issued->value.session_token.reveal(), "ttt");
  EXPECT_EQ(issued->expires_at, parse_timestamp("2026-11-23 14:30:00"));
  for (const auto& seen : http.seen()) {
    EXPECT_TRUE(seen.request.url.starts_with("http://169.254.169.254/latest/")) << seen.request.url;
  }
}

TEST(InstanceCredentials, ElsewhereThereAreNone) {
  ScriptedClient away(
      [](const auto&) -> HttpResponse { throw Error(ErrorCode::kTimeout, "No route."); });
  EXPECT_FALSE(instance_credentials({}, away, {}));
  EXPECT_EQ(away.seen().size(), 2U);
  AwsEnvironment off;
  off.instance_metadata = false;
  ScriptedClient http(instance);
  EXPECT_FALSE(instance_credentials(off, http, {}));
  EXPECT_TRUE(http.seen().empty());
  ScriptedClient refusing([](const auto&) { return HttpResponse{403, {}, ""}; });
  EXPECT_FALSE(instance_credentials({}, refusing, {}));
}

TEST(InstanceCredentials, AnotherOriginIsAsked) {
  ScriptedClient http(instance);
  AwsEnvironment aws;
  aws.instance_metadata_origin = "http://[fd00:ec2::254]/";
  EXPECT_TRUE(instance_credentials(aws, http, {}));
  EXPECT_TRUE(http.seen()[0].request.url.starts_with("http://[fd00:ec2::254]/latest/"));
}

TEST(InstanceCredentials, ABrokenAnswerIsSaid) {
  for (const char* body : {"", "[]", "{}", R"({"Code":"Failed"})", R"({"AccessKeyId":7})"}) {
    ScriptedClient http([&](const ScriptedClient::Seen& seen) {
      HttpResponse answer = instance(seen);
      if (answer.body == kKeys) answer.body = body;
      return answer;
    });
    EXPECT_ERROR(instance_credentials({}, http, {}), kUnavailable) << body;
  }
}

TEST(ContainerCredentials, OnlyWhereTheEnvironmentNamesThem) {
  ScriptedClient http([](const auto&) { return HttpResponse{200, {}, kKeys}; });
  EXPECT_FALSE(container_credentials({}, http, {}));
  EXPECT_TRUE(http.seen().empty());
  AwsEnvironment aws;
  aws.container_relative_uri = "/v2/credentials/x";
  ASSERT_TRUE(container_credentials(aws, http, {}));
  EXPECT_EQ(http.seen()[0].request.url, "http://169.254.170.2/v2/credentials/x");
  EXPECT_EQ(http.seen()[0].header("Authorization"), "");
}

TEST(ContainerCredentials, TheTokenIsSentAndItsFileReadEachTime) {
  ScriptedClient http([](const auto&) { return HttpResponse{200, {}, kKeys}; });
  TestFolder folder;
  AwsEnvironment aws;
  aws.container_full_uri = "http://169.254.170.23/v1/credentials";
  aws.container_token = Secret("first");
  container_credentials(aws, http, {});
  EXPECT_EQ(http.seen().back().header("Authorization"), "first");
  aws.container_token_file = folder / "token";
  std::ofstream(folder / "token") << "second\n";
  container_credentials(aws, http, {});
  EXPECT_EQ(http.seen().back().header("Authorization"), "second");
  aws.container_token_file = folder / "nothing";
  EXPECT_ERROR(container_credentials(aws, http, {}), kStorage);
}

TEST(ContainerCredentials, TheTokenGoesToNoStranger) {
  ScriptedClient http([](const auto&) { return HttpResponse{200, {}, kKeys}; });
  AwsEnvironment aws;
  for (const char* bad : {"http://example.com/x", "http://169.254.169.254/x", "ftp://127.0.0.1/"}) {
    aws.container_full_uri = bad;
    EXPECT_ERROR(container_credentials(aws, http, {}), kInvalid) << bad;
  }
  EXPECT_TRUE(http.seen().empty());
  for (const char* good : {"https://example.com/x", "http://localhost:51678/x", "http://[::1]/x"}) {
    aws.container_full_uri = good;
    EXPECT_TRUE(container_credentials(aws, http, {})) << good;
  }
}

}  // namespace
}  // namespace sluice

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api_world.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class IntegrationsTest : public testing::Test, protected ApiWorld {
 protected:
  const std::string s3_ = "/v0/integrations/s3";
};

TEST_F(IntegrationsTest, TheTrustPolicyNamesPrincipalAndExternalId) {
  const Answer policy = get(s3_ + "/policies/trust-policy");
  ASSERT_EQ(policy.status, 200) << policy.error();
  EXPECT_EQ(policy.body.at("Version"), "2012-10-17");
  const json& statement = policy.body.at("Statement")[0];
  EXPECT_EQ(statement.at("Effect"), "Allow");
  EXPECT_EQ(statement.at("Action"), "sts:AssumeRole");
  EXPECT_EQ(statement.at("Principal").at("AWS"), kPrincipal);
  EXPECT_EQ(statement.at("Condition").at("StringEquals").at("sts:ExternalId"),
            workspace.external_id());
  const json settings = {{"principal", kPrincipal}, {"external_id", workspace.external_id()}};
  EXPECT_EQ(get(s3_ + "/settings").body, settings);
}

TEST_F(IntegrationsTest, AccessPolicies) {
  const json write = get(s3_ + "/policies/access-policy?bucket=my-bucket").body.at("Statement");
  ASSERT_EQ(write.size(), 2U);
  EXPECT_EQ(write[0].at("Resource"), "arn:aws:s3:::my-bucket");
  EXPECT_EQ(write[1].at("Resource"), "arn:aws:s3:::my-bucket/*");
  EXPECT_THAT(write[1].at("Action").dump(), HasSubstr("s3:PutObject"));
  EXPECT_EQ(get(s3_ + "/policies/write-access-policy?bucket=my-bucket").body.at("Statement"),
            write);
  const json read = get(s3_ + "/policies/read-access-policy").body.at("Statement");
  EXPECT_EQ(read[0].at("Resource"), "arn:aws:s3:::<bucket>");
  EXPECT_THAT(read.dump(), testing::Not(HasSubstr("s3:PutObject")));
  const Answer bad = get(s3_ + "/policies/access-policy?bucket=a%22b");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.error(), HasSubstr("'a\"b'"));
}

TEST_F(IntegrationsTest, WhatIsNotConfigured) {
  EXPECT_EQ(get("/v0/datasources-bigquery-credentials").status, 503);
  Api bare({pipe_catalog,
            pipes,
            sink_catalog,
            connection_catalog,
            schedule_catalog,
            datasource_catalog,
            events,
            service,
            backfills,
            webhooks,
            preview,
            verifier,
            runner.metrics(),
            queries,
            database,
            token_catalog,
            variable_catalog,
            rate_limit,
            workspace,
            clock,
            random,
            "",
            "1",
            "",
            "sluice@p.example"});
  auto call = [&](const std::string& path) { return bare.handle(request("GET", path)); };
  EXPECT_EQ(call(s3_ + "/policies/trust-policy").status, 404);
  EXPECT_EQ(call(s3_ + "/settings").status, 404);
  EXPECT_EQ(call(s3_ + "/policies/access-policy").status, 200);
  EXPECT_EQ(json::parse(call("/v0/datasources-bigquery-credentials").body).at("account"),
            "sluice@p.example");
}

}  // namespace
}  // namespace sluice

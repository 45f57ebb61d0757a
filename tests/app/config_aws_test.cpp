#include "config_aws.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

class ConfigAwsTest : public testing::Test {
 protected:
  void SetUp() override { environment("HOME", "/home/someone"); }
  void TearDown() override {
    for (const std::string& name : set_) unsetenv(name.c_str());
  }
  void environment(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }

 private:
  std::vector<std::string> set_;
};

TEST_F(ConfigAwsTest, WithoutVariablesTheHomeFolderIsLookedIn) {
  const AwsEnvironment aws = read_aws_environment();
  EXPECT_EQ(aws.access_key_id, "");
  EXPECT_EQ(aws.credentials_file, "/home/someone/.aws/credentials");
  EXPECT_EQ(aws.profile, "default");
  EXPECT_TRUE(aws.instance_metadata);
  EXPECT_EQ(aws.sts_endpoint, "");
}

TEST_F(ConfigAwsTest, EveryVariable) {
  environment("AWS_ACCESS_KEY_ID", "AKIA");
  environment("AWS_SECRET_ACCESS_KEY", "secret");
  environment("AWS_SESSION_TOKEN", "session");
  environment("AWS_SHARED_CREDENTIALS_FILE", "/keys");
  environment("AWS_PROFILE", "prod");
  environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
  environment("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x");
  environment("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token");
  environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token");
  environment("AWS_EC2_METADATA_DISABLED", "TRUE");
  environment("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[fd00:ec2::254]");
  environment("AWS_ENDPOINT_URL_STS", "http://sts.test");
  const AwsEnvironment aws = read_aws_environment();
  EXPECT_EQ(aws.access_key_id, "AKIA");
  EXPECT_EQ(aws.secret_access_key.reveal(), "secret");
  EXPECT_EQ(aws.session_token.reveal(), "session");
  EXPECT_EQ(aws.credentials_file, "/keys");
  EXPECT_EQ(aws.profile, "prod");
  EXPECT_EQ(aws.container_relative_uri, "/v2/x");
  EXPECT_EQ(aws.container_full_uri, "http://localhost/x");
  EXPECT_EQ(aws.container_token.reveal(), "token");
  EXPECT_EQ(aws.container_token_file, "/token");
  EXPECT_FALSE(aws.instance_metadata);
  EXPECT_EQ(aws.instance_metadata_origin, "http://[fd00:ec2::254]");
  EXPECT_EQ(aws.sts_endpoint, "http://sts.test");
}

}  // namespace
}  // namespace sluice

#include "object_store/own_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "support/caught.h"
#include "support/fake_clock.h"
#include "support/scripted_client.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

/// Every place has keys, each its own; tests take places away.
class OwnCredentialsTest : public testing::Test {
 protected:
  OwnCredentialsTest() {
    aws_.access_key_id = "environment";
    aws_.secret_access_key = Secret("s");
    aws_.credentials_file = folder_ / "credentials";
    aws_.container_relative_uri = "/c";
    write_file("file");
  }
  void write_file(const std::string& key) {
    std::ofstream(folder_ / "credentials")
        << "[default]\naws_access_key_id=" << key << "\naws_secret_access_key=s\n";
  }
  static HttpResponse answer(const ScriptedClient::Seen& seen) {
    const bool container = seen.request.url.starts_with("http://169.254.170.2/");
    if (seen.request.method == "PUT" || seen.request.url.ends_with('/')) return {200, {}, "x"};
    return {200,
            {},
            std::string(R"({"SecretAccessKey":"s","AccessKeyId":")") +
                (container ? "container" : "instance") + "\"}"};
  }
  std::shared_ptr<CredentialSource> source() { return own_credentials(aws_, http_, clock_); }
  std::string key() { return source()->get({}).access_key; }

  TestFolder folder_;
  AwsEnvironment aws_;
  ScriptedClient http_{answer};
  FakeClock clock_;
};

TEST_F(OwnCredentialsTest, PlacesAreAskedInTheOrderOfTheSdks) {
  EXPECT_EQ(key(), "environment");
  aws_.secret_access_key = Secret();
  EXPECT_EQ(key(), "file") << "half a pair is none";
  aws_.profile = "another";
  EXPECT_EQ(key(), "container");
  aws_.container_relative_uri = "";
  EXPECT_EQ(key(), "instance");
  aws_.instance_metadata = false;
  const Error error = caught([&] { key(); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.what(), testing::HasSubstr("'another'"));
  EXPECT_THAT(error.what(), testing::HasSubstr("AWS_ACCESS_KEY_ID"));
}

TEST_F(OwnCredentialsTest, TheFileIsReadAgainAfterAWhile) {
  aws_.access_key_id = "";
  const auto own = source();
  EXPECT_EQ(own->get({}).access_key, "file");
  write_file("rotated");
  EXPECT_EQ(own->get({}).access_key, "file");
  clock_.advance(std::chrono::minutes(10));
  EXPECT_EQ(own->get({}).access_key, "rotated");
}

}  // namespace
}  // namespace sluice

#include "config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "base/limits.h"

namespace sluice {
namespace {

using testing::HasSubstr;

/// What `sluice` with these words makes of the command line; says and shows are captured.
class ConfigTest : public testing::Test {
 protected:
  void TearDown() override {
    for (const std::string& name : set_) unsetenv(name.c_str());
  }
  void environment(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  std::optional<Config> read(std::vector<std::string> words) {
    words.insert(words.begin(), "sluice");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto config = read_config(static_cast<int>(argv.size()), argv.data(), exit_status_);
    shown_ = testing::internal::GetCapturedStdout();
    said_ = testing::internal::GetCapturedStderr();
    return config;
  }

  int exit_status_ = -1;
  std::string shown_;
  std::string said_;

 private:
  std::vector<std::string> set_;
};

TEST_F(ConfigTest, Defaults) {
  const auto config = read({"serve"});
  ASSERT_TRUE(config) << said_;
  EXPECT_EQ(config->host, "127.0.0.1");
  EXPECT_EQ(config->port, 7181);
  EXPECT_EQ(config->data_dir, "./sluice-data");
  EXPECT_EQ(config->local_root, "./sluice-data/objects");
  EXPECT_TRUE(config->attached.empty());
  EXPECT_GE(config->workers, 2U);
  EXPECT_EQ(config->log_level, LogLevel::kInfo);
  EXPECT_EQ(config->query_timeout, std::chrono::seconds(10));
  EXPECT_EQ(config->job_timeout, limits::kJobRunTime);
  EXPECT_EQ(config->max_queue, limits::kQueuedJobs);
  EXPECT_EQ(config->max_sinks, limits::kSinks);
  EXPECT_TRUE(config->admin_token.empty());
  EXPECT_TRUE(config->secret_key.empty());
}

TEST_F(ConfigTest, Flags) {
  const auto config = read({"serve",
                            "--host",
                            "0.0.0.0",
                            "--port",
                            "0",
                            "--data-dir",
                            "/data",
                            "--attach",
                            "shop=shop.db",
                            "--attach",
                            "nyc=/x/y=z.db",
                            "--workers",
                            "7",
                            "--local-root",
                            "/out",
                            "--import-root",
                            "/",
                            "--log-level",
                            "DEBUG",
                            "--public-url",
                            "https://x.test//",
                            "--job-timeout",
                            "5",
                            "--query-timeout",
                            "7",
                            "--max-queue",
                            "9",
                            "--max-sinks",
                            "8"});
  ASSERT_TRUE(config) << said_;
  EXPECT_EQ(config->host, "0.0.0.0");
  EXPECT_EQ(config->port, 0);
  EXPECT_EQ(config->data_dir, "/data");
  ASSERT_EQ(config->attached.size(), 2U);
  EXPECT_EQ(config->attached[0].name, "shop");
  EXPECT_EQ(config->attached[0].path, "shop.db");
  EXPECT_EQ(config->attached[1].path, "/x/y=z.db");
  EXPECT_EQ(config->workers, 7U);
  EXPECT_EQ(config->local_root, "/out");
  EXPECT_EQ(config->import_root, "/");
  EXPECT_EQ(config->log_level, LogLevel::kDebug);
  EXPECT_EQ(config->public_url, "https://x.test");
  EXPECT_EQ(config->query_timeout, std::chrono::seconds(7));
  EXPECT_EQ(config->job_timeout, std::chrono::seconds(5));
  EXPECT_EQ(config->max_queue, 9U);
  EXPECT_EQ(config->max_sinks, 8U);
}

TEST_F(ConfigTest, TheEnvironmentSaysWhatFlagsDoNot) {
  environment("SLUICE_PORT", "8000");
  environment("SLUICE_HOST", "::1");
  environment("SLUICE_DATA_DIR", "/env");
  environment("SLUICE_ATTACH", "a=a.db,b=b.db");
  environment("SLUICE_LOG_LEVEL", "warn");
  environment("SLUICE_ADMIN_TOKEN", "p.mine");
  environment("SLUICE_SECRET_KEY", std::string(64, 'a'));
  const auto config = read({"serve", "--host", "127.0.0.2"});
  ASSERT_TRUE(config) << said_;
  EXPECT_EQ(config->port, 8000);
  EXPECT_EQ(config->host, "127.0.0.2") << "the flag wins";
  EXPECT_EQ(config->data_dir, "/env");
  EXPECT_EQ(config->local_root, "/env/objects");
  ASSERT_EQ(config->attached.size(), 2U);
  EXPECT_EQ(config->attached[1].name, "b");
  EXPECT_EQ(config->log_level, LogLevel::kWarn);
  EXPECT_EQ(config->admin_token.reveal(), "p.mine");
  EXPECT_EQ(config->secret_key.reveal(), std::string(32, '\xaa'));
  const auto other = read({"serve", "--attach", "c=c.db"});
  ASSERT_TRUE(other);
  ASSERT_EQ(other->attached.size(), 1U);
  EXPECT_EQ(other->attached[0].name, "c");
}

TEST_F(ConfigTest, MistakesAreToldAndEndWithTwo) {
  const std::vector<std::pair<std::vector<std::string>, const char*>> mistakes = {
      {{}, "subcommand"},
      {{"serve", "--prot", "1"}, "--prot"},
      {{"serve", "--port", "99999"}, "--port"},
      {{"serve", "--port", "http"}, "--port"},
      {{"serve", "--workers", "0"}, "--workers"},
      {{"serve", "--workers", "-1"}, "--workers"},
      {{"serve", "--job-timeout", "0"}, "--job-timeout"},
      {{"serve", "--query-timeout", "3601"}, "--query-timeout"},
      {{"serve", "--log-level", "loud"}, "--log-level"},
      {{"serve", "--attach", "shop.db"}, "NAME=FILE"},
      {{"serve", "--attach", "=shop.db"}, "NAME=FILE"},
      {{"serve", "--attach", "shop="}, "NAME=FILE"}};
  for (const auto& [words, what] : mistakes) {
    EXPECT_FALSE(read(words)) << what;
    EXPECT_EQ(exit_status_, 2) << what;
    EXPECT_THAT(said_ + shown_, HasSubstr(what));
  }
}

TEST_F(ConfigTest, AKeyIsNeverShown) {
  for (const std::string& key : {std::string("deadbeef"), std::string(64, 'z')}) {
    environment("SLUICE_SECRET_KEY", key);
    EXPECT_FALSE(read({"serve"}));
    EXPECT_EQ(exit_status_, 2);
    EXPECT_THAT(said_, HasSubstr("SLUICE_SECRET_KEY"));
    EXPECT_THAT(said_, testing::Not(HasSubstr(key)));
  }
}

TEST_F(ConfigTest, HelpAndVersion) {
  EXPECT_FALSE(read({"--version"}));
  EXPECT_EQ(exit_status_, 0);
  EXPECT_THAT(shown_, testing::StartsWith("sluice "));
  EXPECT_FALSE(read({"--help"}));
  EXPECT_EQ(exit_status_, 0);
  EXPECT_THAT(shown_, HasSubstr("serve"));
  EXPECT_FALSE(read({"serve", "--help"}));
  EXPECT_EQ(exit_status_, 0);
  for (const char* flag : {"--host", "--port", "--data-dir", "--attach", "--workers",
                           "--local-root", "--log-level", "SLUICE_PORT", "SLUICE_ADMIN_TOKEN"}) {
    EXPECT_THAT(shown_, HasSubstr(flag));
  }
}

TEST_F(ConfigTest, EndpointsAreAllowedByFlagOrEnvironment) {
  EXPECT_TRUE(read({"serve"})->allow_endpoints.empty());
  auto config = read({"serve", "--allow-endpoint", "minio:9000", "--allow-endpoint", "10.0.0.0/8"});
  ASSERT_TRUE(config) << said_;
  EXPECT_EQ(config->allow_endpoints, (std::vector<std::string>{"minio:9000", "10.0.0.0/8"}));
  environment("SLUICE_ALLOW_ENDPOINT", "a,*.b");
  config = read({"serve"});
  EXPECT_EQ(config->allow_endpoints, (std::vector<std::string>{"a", "*.b"}));
  EXPECT_FALSE(read({"serve", "--allow-endpoint", "a b"}));
  EXPECT_EQ(exit_status_, 2);
  EXPECT_THAT(said_, HasSubstr("'a b'"));
}

TEST_F(ConfigTest, CustomRegionsAndGoogleCredentials) {
  EXPECT_FALSE(read({"serve"})->custom_regions);
  const auto config = read({"serve", "--custom-regions", "--gcp-credentials", "/key.json"});
  ASSERT_TRUE(config) << said_;
  EXPECT_TRUE(config->custom_regions);
  EXPECT_EQ(config->gcp_credentials, "/key.json");
}

}  // namespace
}  // namespace sluice

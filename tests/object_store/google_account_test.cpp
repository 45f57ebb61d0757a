#include "object_store/google_account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/caught.h"
#include "support/rsa_key.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using nlohmann::json;

class GoogleAccountTest : public testing::Test {
 protected:
  GoogleAccount read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_google_account(path_);
  }
  TestFolder folder_;
  const std::string path_ = folder_ / "key.json";
  json file_ = {{"type", "service_account"},
                {"project_id", "project"},
                {"private_key_id", "abc"},
                {"private_key", kTestKey},
                {"client_email", "sluice@project.iam.gserviceaccount.com"},
                {"token_uri", "https://oauth2.test/token"}};
};

TEST_F(GoogleAccountTest, ReadsAKeyFile) {
  const GoogleAccount account = read(file_.dump());
  EXPECT_EQ(account.client_email, "sluice@project.iam.gserviceaccount.com");
  EXPECT_EQ(account.private_key.reveal(), kTestKey);
  EXPECT_EQ(account.private_key_id, "abc");
  EXPECT_EQ(account.token_uri, "https://oauth2.test/token");
  file_.erase("token_uri");
  file_.erase("private_key_id");
  EXPECT_EQ(read(file_.dump()).token_uri, "https://oauth2.googleapis.com/token");
}

TEST_F(GoogleAccountTest, WhatIsMissingIsNamedAndTheKeyNeverShown) {
  for (const char* name : {"type", "client_email", "private_key"}) {
    json without = file_;
    without[name] = "nonsense";
    if (std::string(name) == "client_email") without.erase(name);
    const Error error = caught([&] { read(without.dump()); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << name;
    EXPECT_THAT(error.what(), testing::HasSubstr(path_));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("BEGIN")));
  }
  for (const char* text : {"", "x", "[]", "{}"}) EXPECT_ERROR(read(text), kInvalid) << text;
  EXPECT_ERROR(read_google_account(folder_ / "nothing"), kStorage);
}

}  // namespace
}  // namespace sluice

#include "object_store/credentials_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/caught.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

class CredentialsFileTest : public testing::Test {
 protected:
  std::optional<StoreCredentials> read(const std::string& text, const std::string& profile) {
    std::ofstream(path_) << text;
    return read_credentials_file(path_, profile);
  }
  TestFolder folder_;
  const std::string path_ = folder_ / "credentials";
};

TEST_F(CredentialsFileTest, TheProfilesKeys) {
  const std::string text =
      "# ours\n[default]\naws_access_key_id = A\naws_secret_access_key=S=/+\n\n"
      "; theirs\n [ prod ] \n  AWS_ACCESS_KEY_ID=B\naws_secret_access_key = T\n"
      "aws_session_token = U\nregion = eu-west-1\n[half]\naws_access_key_id = C\n";
  const auto main = read(text, "default");
  ASSERT_TRUE(main);
  EXPECT_EQ(main->access_key, "A");
  EXPECT_EQ(main->secret_key.reveal(), "S=/+");
  EXPECT_TRUE(main->session_token.empty());
  const auto prod = read(text, "prod");
  ASSERT_TRUE(prod);
  EXPECT_EQ(prod->access_key, "B");
  EXPECT_EQ(prod->session_token.reveal(), "U");
  EXPECT_FALSE(read(text, "half"));
  EXPECT_FALSE(read(text, "nobody"));
}

TEST_F(CredentialsFileTest, NoFileIsNoCredentials) {
  EXPECT_FALSE(read_credentials_file("", "default"));
  EXPECT_FALSE(read_credentials_file(folder_ / "nothing", "default"));
  EXPECT_FALSE(read_credentials_file(folder_ / "nothing/at/all", "default"));
}

TEST_F(CredentialsFileTest, AnythingElseIsNoKeys) {
  EXPECT_FALSE(read("\x01\xff[\n]=\n[default", "default"));
  EXPECT_FALSE(read("[default]\naws_access_key_id\n", "default"));
}

}  // namespace
}  // namespace sluice

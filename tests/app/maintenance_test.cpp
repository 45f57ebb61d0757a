#include "maintenance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "state/connection_store.h"
#include "state/variable_store.h"
#include "support/caught.h"
#include "support/fake_random.h"
#include "support/samples.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class MaintenanceTest : public testing::Test {
 protected:
  MaintenanceTest() { config_.data_dir = folder_ / "data"; }

  /// A folder with one connection, as a server leaves it.
  void make_state(const Secret& given = {}) {
    const DataFolder folder(config_.data_dir);
    StateDatabase state(folder.state());
    Connection lake = sample_connection("lake");
    lake.secrets["s3_secret_access_key"] = Secret("hidden");
    ConnectionStore(state, settled_key(folder, state, given, random_), random_).insert(lake);
  }
  /// The secret as the next start reads it.
  std::string secret(const Secret& given = {}) {
    const DataFolder folder(config_.data_dir);
    StateDatabase state(folder.state());
    return ConnectionStore(state, settled_key(folder, state, given, random_), random_)
        .find("lake")
        ->secret("s3_secret_access_key")
        .reveal();
  }
  std::string key_file(const std::string& ending = {}) {
    std::ifstream file(config_.data_dir + "/secret.key" + ending);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string said(void (*command)(const Config&)) {
    testing::internal::CaptureStdout();
    command(config_);
    return testing::internal::GetCapturedStdout();
  }

  TestFolder folder_;
  FakeRandom random_;
  Config config_;
};

TEST_F(MaintenanceTest, TheKeptKeyIsChanged) {
  make_state();
  const std::string old = key_file();
  EXPECT_THAT(said(rotate_key), HasSubstr("secret.key"));
  EXPECT_NE(key_file(), old);
  EXPECT_EQ(key_file(".next"), "");
  EXPECT_EQ(secret(), "hidden");
}

TEST_F(MaintenanceTest, VariablesAreSealedAnewAndTellTheKey) {
  const auto value = [&] {
    const DataFolder folder(config_.data_dir);
    StateDatabase state(folder.state());
    return VariableStore(state, settled_key(folder, state, {}, random_), random_)
        .value("a")
        ->reveal();
  };
  {
    const DataFolder folder(config_.data_dir);
    StateDatabase state(folder.state());
    VariableStore(state, folder.secret_key(random_), random_)
        .insert({"a", kMorning, kMorning, ""}, Secret("hidden"), 9);
  }
  said(rotate_key);
  EXPECT_EQ(value(), "hidden");
  {
    // Dies before the rename: the variable alone says which key is the right one.
    const DataFolder folder(config_.data_dir);
    StateDatabase state(folder.state());
    ConnectionStore(state, folder.secret_key(random_), random_)
        .change_key(folder.make_next_secret_key(random_));
  }
  EXPECT_EQ(value(), "hidden");
}

TEST_F(MaintenanceTest, AChangeThatDiedBeforeTheSecretsWereSealedIsDropped) {
  make_state();
  const std::string old = key_file();
  (void)DataFolder(config_.data_dir).make_next_secret_key(random_);
  EXPECT_EQ(secret(), "hidden");
  EXPECT_EQ(key_file(), old);
  EXPECT_FALSE(std::filesystem::exists(config_.data_dir + "/secret.key.next"));
}

TEST_F(MaintenanceTest, AChangeThatDiedAfterThatIsFinished) {
  make_state();
  {
    const DataFolder folder(config_.data_dir);
    StateDatabase state(folder.state());
    ConnectionStore(state, folder.secret_key(random_), random_)
        .change_key(folder.make_next_secret_key(random_));
  }
  const std::string next = key_file(".next");
  EXPECT_EQ(secret(), "hidden");
  EXPECT_EQ(key_file(), next);
}

TEST_F(MaintenanceTest, AGivenKeyIsChangedForAGivenOne) {
  const Secret old(std::string(32, 'o'));
  const Secret next(std::string(32, 'n'));
  make_state(old);
  config_.secret_key = old;
  EXPECT_THAT(caught([&] { rotate_key(config_); }).what(), HasSubstr("SLUICE_NEW_SECRET_KEY"));
  config_.new_secret_key = next;
  EXPECT_THAT(said(rotate_key), HasSubstr("SLUICE_SECRET_KEY"));
  EXPECT_EQ(secret(next), "hidden");
  EXPECT_EQ(key_file(), "");
}

TEST_F(MaintenanceTest, NotWhileAServerRunsAndNotWithoutAState) {
  EXPECT_ERROR(rotate_key(config_), kNotFound);
  make_state();
  const DataFolder server(config_.data_dir);
  EXPECT_ERROR(rotate_key(config_), kConflict);
}

TEST_F(MaintenanceTest, ABackupSaysWhatItHolds) {
  make_state();
  const DataFolder server(config_.data_dir);  // It may run.
  config_.backup_file = folder_ / "copy.db";
  const std::string text = said(back_up);
  EXPECT_THAT(text, HasSubstr("1 connections"));
  EXPECT_THAT(text, HasSubstr("secret.key"));
  EXPECT_TRUE(std::filesystem::exists(config_.backup_file));
}

}  // namespace
}  // namespace sluice

#include "app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "data_folder.h"
#include "support/caught.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

/// Starts that fail: each is an Error with a sentence, thrown before anything is served. What a
/// running server does is shown by tests/e2e.
class AppTest : public testing::Test {
 protected:
  AppTest() {
    config_.data_dir = folder_ / "data";
    config_.local_root = folder_ / "objects";
    config_.log_level = LogLevel::kOff;
    config_.workers = 1;
    config_.port = 0;
    config_.admin_token = Secret("p.admin");
  }
  Error start() {
    return caught([&] { serve(config_); });
  }

  TestFolder folder_;
  Config config_;
};

TEST_F(AppTest, ADataFolderThatCanNotBe) {
  std::ofstream(folder_ / "data") << "a file";
  EXPECT_EQ(start().code(), ErrorCode::kStorage);
}

TEST_F(AppTest, ADataFolderInUse) {
  const DataFolder other(config_.data_dir);
  EXPECT_EQ(start().code(), ErrorCode::kConflict);
}

TEST_F(AppTest, AFileThatIsNotThere) {
  config_.attached = {{"shop", folder_ / "missing.db"}};
  const Error error = start();
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("missing.db"));
  EXPECT_NO_THROW(DataFolder again(config_.data_dir)) << "the folder was not released";
}

TEST_F(AppTest, AnAddressThatIsNotOurs) {
  config_.host = "203.0.113.1";
  EXPECT_THAT(start().what(), HasSubstr("203.0.113.1"));
  EXPECT_NO_THROW(DataFolder again(config_.data_dir)) << "the folder was not released";
}

}  // namespace
}  // namespace sluice

#include "data_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/caught.h"
#include "support/fake_random.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

using testing::HasSubstr;

class DataFolderTest : public testing::Test {
 protected:
  static std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static mode_t mode_of(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 0777;
  }

  TestFolder folder_;
  FakeRandom random_;
};

TEST_F(DataFolderTest, IsMadeWithWhatIsAboveIt) {
  const std::string path = folder_ / "a/b";
  const DataFolder data(path);
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_TRUE(std::filesystem::is_directory(data.spool()));
  EXPECT_EQ(data.state(), path + "/state.db");
  EXPECT_EQ(data.warehouse(), path + "/warehouse.db");
  EXPECT_EQ(data.admin_token(), path + "/admin.token");
}

TEST_F(DataFolderTest, BelongsToOne) {
  {
    const DataFolder first(folder_.path());
    const Error error = caught([&] { DataFolder second(folder_.path()); });
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    EXPECT_THAT(error.what(), HasSubstr(folder_.path()));
  }
  EXPECT_NO_THROW(DataFolder again(folder_.path())) << "released with its owner";
}

TEST_F(DataFolderTest, OneThatCanNotBe) {
  std::ofstream(folder_ / "file") << "x";
  EXPECT_ERROR(DataFolder data(folder_ / "file"), kStorage);
  EXPECT_ERROR(DataFolder data(folder_ / "file/below"), kStorage);
}

TEST_F(DataFolderTest, TheKeyIsMadeOnceAndPrivate) {
  const DataFolder data(folder_.path());
  const Secret key = data.secret_key(random_);
  EXPECT_EQ(key.reveal().size(), 32U);
  EXPECT_EQ(data.secret_key(random_).reveal(), key.reveal());
  EXPECT_EQ(mode_of(folder_ / "secret.key"), 0600U);
}

TEST_F(DataFolderTest, TheKeyIsMadeWhenItIsAskedFor) {
  const DataFolder data(folder_.path());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "secret.key"));
}

TEST_F(DataFolderTest, ADamagedKeyIsNotReplaced) {
  const DataFolder data(folder_.path());
  for (const char* content : {"", "abcd", "not hex at all"}) {
    std::ofstream(folder_ / "secret.key") << content;
    EXPECT_ERROR(data.secret_key(random_), kCorrupt) << content;
    EXPECT_EQ(read(folder_ / "secret.key"), content);
  }
}

TEST_F(DataFolderTest, PrivateFilesReplaceWhole) {
  const std::string path = folder_ / "secret";
  write_private_file(path, "one");
  write_private_file(path, "two");
  EXPECT_EQ(read(path), "two");
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_ERROR(write_private_file(folder_ / "no/folder", "x"), kStorage);
}

}  // namespace
}  // namespace sluice

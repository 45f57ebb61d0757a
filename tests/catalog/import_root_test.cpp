#include "catalog/import_root.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "support/caught.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

/// A root with some files in it, and one outside.
struct Root {
  Root() {
    std::filesystem::create_directories(path + "/deep er");
    std::ofstream(path + "/a.csv") << "inside";
    std::ofstream(path + "/deep er/b.csv") << "deeper";
    std::ofstream(folder / "secret.csv") << "outside";
  }
  std::string read(const std::string& name) const { return bytes_of(*open_import(path, name)); }

  TestFolder folder;
  std::string path = folder / "root";
};

TEST(ImportRoot, FilesBelowIt) {
  const Root root;
  EXPECT_EQ(root.read("a.csv"), "inside");
  EXPECT_EQ(root.read("./deep er/b.csv"), "deeper");
  EXPECT_EQ(root.read(root.path + "/a.csv"), "inside");
  EXPECT_EQ(root.read("file://" + root.path + "/deep%20er/b.csv"), "deeper");
  EXPECT_EQ(root.read("file://localhost" + root.path + "/a.csv"), "inside");
  EXPECT_EQ(bytes_of(*open_import(root.path + "/", "a.csv")), "inside");
}

TEST(ImportRoot, NothingOutside) {
  const Root root;
  for (const std::string& name :
       {std::string("../secret.csv"), std::string("deep er/../../secret.csv"),
        root.folder / "secret.csv", "file://" + (root.folder / "secret.csv"),
        root.path + "/../secret.csv", root.path + "-other/a.csv", std::string("/etc/passwd"),
        std::string("."), std::string(""), "file://" + root.path + "/%2e%2e/secret.csv"}) {
    EXPECT_ERROR(root.read(name), kForbidden) << name;
  }
}

TEST(ImportRoot, NoLinkIsFollowed) {
  const Root root;
  ASSERT_EQ(symlink((root.folder / "secret.csv").c_str(), (root.path + "/link.csv").c_str()), 0);
  ASSERT_EQ(symlink(root.folder.path().c_str(), (root.path + "/up").c_str()), 0);
  EXPECT_ERROR(root.read("link.csv"), kForbidden);
  EXPECT_ERROR(root.read("up/secret.csv"), kForbidden);
}

TEST(ImportRoot, OnlyPlainFiles) {
  const Root root;
  ASSERT_EQ(mkfifo((root.path + "/pipe").c_str(), 0600), 0);
  EXPECT_ERROR(root.read("pipe"), kInvalid);
  EXPECT_ERROR(root.read("deep er"), kInvalid);
  EXPECT_ERROR(root.read("missing.csv"), kNotFound);
  EXPECT_ERROR(root.read("a.csv/b.csv"), kNotFound);
}

TEST(ImportRoot, NothingIsFetched) {
  const Root root;
  const Error error = caught([&] { root.read("https://example.test/a.csv"); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_NE(error.message().find("does not fetch"), std::string::npos);
  EXPECT_ERROR(root.read("file://host/a.csv"), kInvalid);
  EXPECT_ERROR(root.read("file:"), kForbidden);
  EXPECT_ERROR(open_import("", "https://example.test/a.csv"), kInvalid);
}

TEST(ImportRoot, OffByDefault) {
  const Error error = caught([] { open_import("", "a.csv"); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_NE(error.hint().find("--import-root"), std::string::npos);
}

}  // namespace
}  // namespace sluice

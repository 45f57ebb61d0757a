#include "object_store/local_publish.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

TEST(LocalFolder, TakesFilesInUnderNewAndTakenNames) {
  TestFolder folder;
  PendingSyncs syncs;
  const LocalFolder root(folder.path() + "/new/root", syncs);
  const auto file = [&](const std::string& bytes) {
    std::ofstream(folder.path() + "/file") << bytes;
    return folder.path() + "/file";
  };
  EXPECT_FALSE(root.find("a/x"));
  EXPECT_EQ(root.take_in(file("1"), "a/x", Overwrite::kNever), PublishResult::kPublished);
  EXPECT_EQ(root.take_in(file("22"), "a/x", Overwrite::kNever), PublishResult::kNameTaken);
  EXPECT_EQ(root.find("a/x").value().st_size, 1);
  EXPECT_EQ(root.take_in(file("22"), "a/x", Overwrite::kReplace), PublishResult::kPublished);
  EXPECT_EQ(root.find("a/x").value().st_size, 2);
  EXPECT_FALSE(root.find("a")) << "a folder is no object";
}

TEST(LocalFolder, KeysArePlainRelativePaths) {
  check_local_key("a/b");
  check_local_key(".sluice2/b");
  for (const char* key : {"/a", "a/", "a//b", ".", "a/../b", ".sluice/x", ".sluice"}) {
    EXPECT_THROW(check_local_key(key), Error) << key;
  }
}

}  // namespace
}  // namespace sluice

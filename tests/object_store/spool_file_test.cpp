#include "object_store/spool_file.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

TEST(SpoolFile, HoldsWhatWasAppendedAndCanStartAnew) {
  TestFolder folder;
  SpoolFile file(folder.path() + "/a/b/file", 0600);
  std::string all;
  for (size_t size : {10U, 32'768U, 1U, 100'000U, 32'767U, 2U}) {
    file.append(bytes_of_size(size));
    all += bytes_of_size(size);
  }
  EXPECT_EQ(file.size(), all.size());
  file.flush();
  EXPECT_TRUE(read_file(file.path()) == all);
  file.clear();
  EXPECT_EQ(file.size(), 0U);
  file.append("new");
  file.sync();
  EXPECT_EQ(read_file(file.path()), "new");
  file.remove();
  file.remove();
  EXPECT_EQ(count_files(folder.path()), 0U);
}

TEST(SpoolFile, NothingIsOnDiskBeforeTheBufferIsFull) {
  TestFolder folder;
  SpoolFile file(folder.path() + "/file", 0600);
  file.append("small");
  EXPECT_EQ(count_files(folder.path()), 0U);
}

TEST(SpoolFile, SyncMakesAnEmptyFileToo) {
  TestFolder folder;
  SpoolFile file(folder.path() + "/file", 0600);
  file.sync();
  EXPECT_EQ(count_files(folder.path()), 1U);
}

TEST(SpoolFile, AFileWhereAFolderMustBeIsAConflict) {
  TestFolder folder;
  std::ofstream(folder.path() + "/a") << "x";
  SpoolFile file(folder.path() + "/a/file", 0600);
  file.append("x");
  try {
    file.flush();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
  }
}

// Writing to /dev/full fails with ENOSPC. A link to it is refused, so the device itself is used.
TEST(SpoolFile, AFullDiskIsAStorageErrorWithAHint) {
  SpoolFile file("/dev/full", 0600);
  file.append("x");
  try {
    file.flush();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kStorage);
    EXPECT_NE(error.message().find("/dev/full"), std::string::npos);
    EXPECT_FALSE(error.hint().empty());
  }
}

}  // namespace
}  // namespace sluice

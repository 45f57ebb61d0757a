#include "object_store/spool_file.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

TEST(SpoolFile, HoldsWhatWasAppended) {
  TestFolder folder;
  SpoolFile file(folder.path() + "/a/b/file", 0600);
  std::string all;
  for (size_t size : {10U, 32'768U, 1U, 0U, 100'000U, 2U}) {
    file.append(bytes_of_size(size));
    all += bytes_of_size(size);
  }
  EXPECT_EQ(file.size(), all.size());
  EXPECT_TRUE(read_file(file.path()) == all);
  file.sync();
  EXPECT_TRUE(read_file(file.path()) == all);
  file.remove();
  file.remove();
  EXPECT_EQ(count_files(folder.path()), 0U);
}

TEST(SpoolFile, NothingIsOnDiskOrOpenBeforeTheFirstByte) {
  TestFolder folder;
  SpoolFile file(folder.path() + "/file", 0600);
  file.append("");
  EXPECT_EQ(count_files(folder.path()), 0U);
}

// One per partition is open at the same time: more than there may be descriptors.
TEST(SpoolFile, HoldsNoDescriptorAndNoBufferBetweenWrites) {
  TestFolder folder;
  const auto open_files = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = open_files();
  std::vector<SpoolFile> files;
  for (int i = 0; i < 2000; ++i) {
    files.emplace_back(folder.path() + "/" + std::to_string(i), 0600);
    files.back().append("x");
  }
  EXPECT_EQ(open_files(), before);
  EXPECT_EQ(count_files(folder.path()), 2000U);
  EXPECT_LE(sizeof(SpoolFile), 64U);
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
  try {
    file.append("x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
  }
}

// Writing to /dev/full fails with ENOSPC. A link to it is refused, so the device itself is used.
TEST(SpoolFile, AFullDiskIsAStorageErrorWithAHint) {
  SpoolFile file("/dev/full", 0600);
  try {
    file.append("x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kStorage);
    EXPECT_NE(error.message().find("/dev/full"), std::string::npos);
    EXPECT_FALSE(error.hint().empty());
  }
}

}  // namespace
}  // namespace sluice

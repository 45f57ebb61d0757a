#include "object_store/pending_syncs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/caught.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

// What a sync is for, a power failure, can't be made here; that it is asked for, and where it
// fails, can.

class PendingSyncsTest : public testing::Test {
 protected:
  std::string file(const std::string& name) {
    std::ofstream(folder_ / name) << name;
    return folder_ / name;
  }
  TestFolder folder_;
  PendingSyncs syncs_;
};

TEST_F(PendingSyncsTest, FilesAndFoldersFewAndMany) {
  for (const int count : {0, 1, 8, 9, 100}) {
    for (int i = 0; i < count; ++i) syncs_.add(file(std::to_string(i)));
    syncs_.add(folder_.path());
    EXPECT_NO_THROW(syncs_.flush()) << count;
  }
}

TEST_F(PendingSyncsTest, WhatIsGoneIsNoError) {
  for (const int count : {1, 20}) {
    for (int i = 0; i < count; ++i) syncs_.add(folder_ / ("gone" + std::to_string(i)));
    syncs_.add(file("x") + "/below a file");
    EXPECT_NO_THROW(syncs_.flush()) << count;
  }
}

TEST_F(PendingSyncsTest, AFailureIsToldOnce) {
  const std::string loop = folder_ / "loop";
  ASSERT_EQ(symlink(loop.c_str(), loop.c_str()), 0);
  syncs_.add(loop);
  EXPECT_ERROR(syncs_.flush(), kConflict);
  EXPECT_NO_THROW(syncs_.flush());
}

}  // namespace
}  // namespace sluice

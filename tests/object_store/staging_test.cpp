#include "object_store/staging.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "stores.h"

namespace sluice {
namespace {

TEST(Staging, KeysAreUtf8OfBoundedLength) {
  check_key("a/b ü");
  check_key(std::string(1024, 'k'));
  for (const std::string& key :
       {std::string(), std::string(1025, 'k'), std::string("\xc3"), std::string("a\0", 2)}) {
    EXPECT_THROW(check_key(key), Error);
  }
}

TEST(Staging, JobIdsAreSafeFolderNames) {
  check_job_id("0b0e7d5c-6f7a-4d0e-9d8e-2f0f3e1c7a11");
  for (const char* id : {"", ".", "..", "a/b", "a.b", "\n"}) EXPECT_THROW(check_job_id(id), Error);
}

TEST(Staging, RemovesOneJobsFolderWithAllInIt) {
  TestFolder folder;
  for (const char* job : {"one", "two"}) {
    std::filesystem::create_directories(folder.path() + "/" + job);
    std::ofstream(folder.path() + "/" + job + "/file") << "x";
  }
  remove_staging_folder(folder.path(), "one");
  remove_staging_folder(folder.path(), "one");
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/one"));
  EXPECT_EQ(count_files(folder.path()), 1U);
  EXPECT_THROW(remove_staging_folder(folder.path(), ".."), Error);
}

}  // namespace
}  // namespace sluice

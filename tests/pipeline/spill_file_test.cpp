#include "pipeline/spill_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/caught.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

std::string read(const SpillFile& spill, uint64_t offset, size_t size) {
  CharBuffer bytes;
  bytes.append("what was there before");
  spill.read(offset, size, bytes);
  return std::string(bytes.view());
}

TEST(SpillFile, GivesBackWhatItTook) {
  TestFolder folder;
  SpillFile spill(folder.path());
  EXPECT_EQ(spill.size(), 0U);
  spill.append("hello ");
  spill.append("");
  const std::string large(3'000'000, 'x');
  spill.append(large);
  EXPECT_EQ(spill.size(), 6U + large.size());
  EXPECT_EQ(read(spill, 0, 5), "hello");
  EXPECT_EQ(read(spill, 6, large.size()), large);
  EXPECT_EQ(read(spill, 2, 0), "");
}

TEST(SpillFile, HasNoNameInItsFolder) {
  TestFolder folder;
  SpillFile spill(folder.path());
  spill.append("x");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SpillFile, WhatIsNotThereCanNotBeRead) {
  TestFolder folder;
  SpillFile spill(folder.path());
  spill.append("abc");
  EXPECT_ERROR(read(spill, 1, 3), kStorage);
}

TEST(SpillFile, AFolderThatIsNotThereIsAnError) {
  SpillFile spill("/nowhere/at/all");
  EXPECT_ERROR(spill.append("x"), kStorage);
}

}  // namespace
}  // namespace sluice

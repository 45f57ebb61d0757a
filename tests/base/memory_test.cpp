#include "base/memory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace sluice {
namespace {

/// Kilobytes of anonymous memory of this process.
long anonymous_kb() {
  std::ifstream status("/proc/self/status");
  std::string word;
  long number = 0;
  while (status >> word) {
    if (word == "RssAnon:" && status >> number) return number;
  }
  return -1;
}

TEST(Memory, WhatIsFreeGoesBack) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's allocator keeps what is freed";
#endif
  configure_memory();
  const long before = anonymous_kb();
  ASSERT_GT(before, 0);
  std::vector<std::unique_ptr<std::string>> pieces;
  for (int i = 0; i < 20000; ++i) pieces.push_back(std::make_unique<std::string>(4000, 'x'));
  EXPECT_GT(anonymous_kb(), before + 60000);
  // Something small above it all, as a heap in use has.
  const auto last = std::make_unique<std::string>(100, 'x');
  pieces.clear();
  release_free_memory();
  EXPECT_LT(anonymous_kb(), before + 20000);
}

}  // namespace
}  // namespace sluice

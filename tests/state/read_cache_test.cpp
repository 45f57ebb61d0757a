#include "state/read_cache.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/temp_folder.h"

namespace sluice {
namespace {

class ReadCacheTest : public testing::Test {
 protected:
  int get(const std::string& key) {
    return cache_.get(key, [this] { return ++loads_; });
  }

  TestFolder folder_;
  StateDatabase database_{folder_ / "state.db"};
  ReadCache<int> cache_{database_, 2};
  int loads_ = 0;
};

TEST_F(ReadCacheTest, KeepsUntilSomethingIsWritten) {
  EXPECT_EQ(get("a"), 1);
  EXPECT_EQ(get("a"), 1);
  EXPECT_EQ(get("b"), 2);
  database_.write([](SQLite::Database&) {});
  EXPECT_EQ(get("a"), 3);
  EXPECT_EQ(get("a"), 3);
}

TEST_F(ReadCacheTest, WhatIsReadWhileSomethingIsWrittenIsNotKept) {
  const int value = cache_.get("a", [this] {
    database_.write([](SQLite::Database&) {});
    return 7;
  });
  EXPECT_EQ(value, 7);
  EXPECT_EQ(get("a"), 1);
}

TEST_F(ReadCacheTest, AWriteThatFailedCountsToo) {
  get("a");
  EXPECT_THROW(database_.write([](SQLite::Database&) { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(get("a"), 2);
}

TEST_F(ReadCacheTest, HoldsNoMoreThanItMay) {
  get("a");
  get("b");
  get("c");  // It begins anew.
  EXPECT_EQ(get("c"), 3);
  EXPECT_EQ(get("a"), 4);
}

}  // namespace
}  // namespace sluice

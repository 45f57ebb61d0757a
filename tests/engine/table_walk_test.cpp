#include "engine/table_walk.h"

#include <gtest/gtest.h>

#include "engine/table_world.h"
#include "engine/tree_page.h"

namespace sluice {
namespace {

struct TableWalkTest : testing::Test {
  TableWalkTest() : world("PRAGMA page_size=512; CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)") {
    world.shop.run(
        "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5000) INSERT "
        "INTO t "
        "SELECT n * 2, hex(randomblob(40)) FROM r");
    snapshot = world.snapshot(world.clock);
    root = static_cast<uint32_t>(
        std::stoul(world.shop.value("SELECT rootpage FROM sqlite_schema WHERE name = 't'")));
  }
  /// The rowids of the leaves from `low` on, and how many leaves there were.
  std::vector<int64_t> rowids(int64_t low, size_t& leaves) {
    TableWalk walk(*snapshot.pages, root, low);
    std::vector<int64_t> out;
    std::vector<char> page(512 + CharBuffer::kSlack);
    leaves = 0;
    while (const auto number = walk.next()) {
      EXPECT_TRUE(snapshot.pages->read(*number, page.data()));
      const TreePage view(page.data(), 512, *number);
      if (view.is_interior()) {
        EXPECT_TRUE(walk.enter(page.data()));
        continue;
      }
      ++leaves;
      for (uint32_t i = 0; i < view.cells(); ++i) out.push_back(view.leaf_cell(i)->rowid);
      EXPECT_TRUE(walk.pass());
    }
    return out;
  }

  TableWorld world;
  TableWorld::Snapshot snapshot;
  uint32_t root = 0;
};

TEST_F(TableWalkTest, EveryLeafInOrder) {
  size_t leaves = 0;
  const std::vector<int64_t> all = rowids(INT64_MIN, leaves);
  ASSERT_EQ(all.size(), 5000U);
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<int64_t>(2 * (i + 1)));
  EXPECT_GE(leaves, 1000U) << "or there is little to walk";
}

TEST_F(TableWalkTest, FromTheLeafThatCanHoldARowid) {
  size_t leaves = 0;
  for (const int64_t low : {2, 3, 4001, 9998, 9999, 10000}) {
    const std::vector<int64_t> some = rowids(low, leaves);
    ASSERT_FALSE(some.empty());
    EXPECT_LE(some.front(), low + 1);
    EXPECT_LT(low - some.front(), 20) << "no leaf before the one that is needed";
    EXPECT_EQ(some.back(), 10000);
  }
}

TEST_F(TableWalkTest, ATreeThatLeadsIntoItselfEnds) {
  std::string page(512 + CharBuffer::kSlack, '\0');
  page[0] = 0x05;
  TableWalk walk(*snapshot.pages, root, 0);
  int levels = 0;
  while (walk.enter(page.data())) ++levels;
  EXPECT_EQ(levels, 20);
}

}  // namespace
}  // namespace sluice

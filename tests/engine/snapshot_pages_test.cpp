#include "engine/snapshot_pages.h"

#include <gtest/gtest.h>

#include "engine/table_world.h"

namespace sluice {
namespace {

const char* const kTable =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL "
    "SELECT n + 1 FROM r WHERE n < 2000) INSERT INTO t SELECT n, hex(randomblob(30)) FROM r";
const char* const kAll = "SELECT * FROM shop.t";

TEST(SnapshotPagesTest, TheFileAlone) {
  TableWorld world(kTable);
  const TableWorld::Snapshot snapshot = world.snapshot(world.clock);
  ASSERT_TRUE(snapshot.pages);
  EXPECT_EQ(snapshot.pages->page_size(), 4096U);
  EXPECT_EQ(snapshot.pages->usable_size(), 4096U);
  std::vector<char> page(4096);
  ASSERT_TRUE(snapshot.pages->read(1, page.data()));
  EXPECT_EQ(std::string(page.data(), 15), "SQLite format 3");
  EXPECT_FALSE(snapshot.pages->read(0, page.data()));
  EXPECT_FALSE(snapshot.pages->read(1000000, page.data()));
  EXPECT_EQ(world.from_pages(snapshot, kAll).rows, world.rows(kAll));
}

TEST(SnapshotPagesTest, WhatIsOnlyInTheLog) {
  TableWorld world(std::string("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;") + kTable);
  world.shop.run("UPDATE t SET v = 'changed' WHERE id % 3 = 0");
  const TableWorld::Taken taken = world.from_pages(kAll);
  EXPECT_EQ(taken.given_up, 0);
  EXPECT_EQ(taken.rows, world.rows(kAll));
  EXPECT_EQ(taken.rows.at(2), "3,'changed'");
}

TEST(SnapshotPagesTest, WritersAndCheckpointsDoNotReachASnapshot) {
  for (const bool is_checkpointed : {false, true}) {
    TableWorld world(std::string("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;") + kTable);
    if (is_checkpointed) world.shop.run("PRAGMA wal_checkpoint(TRUNCATE)");
    const std::vector<std::string> before = world.rows(kAll);
    const TableWorld::Snapshot snapshot = world.snapshot(world.clock);
    for (int i = 0; i < 5; ++i) {
      world.shop.run("UPDATE t SET v = 'later' WHERE id % 2 = 0; DELETE FROM t WHERE id % 7 = 0");
      world.shop.run("PRAGMA wal_checkpoint(PASSIVE)");
      EXPECT_EQ(world.from_pages(snapshot, kAll), (TableWorld::Taken{before, 0}));
    }
    EXPECT_NE(world.rows(kAll), before);
  }
}

TEST(SnapshotPagesTest, ALogThatIsPartlyInTheFile) {
  TableWorld world(std::string("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;") + kTable);
  // A reader of the first version keeps the checkpoint from going beyond it.
  const TableWorld::Snapshot old = world.snapshot(world.clock);
  const std::vector<std::string> first = world.rows(kAll);
  world.shop.run("UPDATE t SET v = 'second'; PRAGMA wal_checkpoint(PASSIVE)");
  const TableWorld::Snapshot later = world.snapshot(world.clock);
  const std::vector<std::string> second = world.rows(kAll);
  world.shop.run("UPDATE t SET v = 'third'; PRAGMA wal_checkpoint(PASSIVE)");
  EXPECT_EQ(world.from_pages(old, kAll), (TableWorld::Taken{first, 0}));
  EXPECT_EQ(world.from_pages(later, kAll), (TableWorld::Taken{second, 0}));
}

TEST(SnapshotPagesTest, TheStateOfTheLogShowsACommit) {
  TableWorld world(std::string("PRAGMA journal_mode=WAL;") + kTable);
  SqliteSession session(world.options, world.clock);
  const auto before = SnapshotPages::wal_state(session.connection(), "shop");
  ASSERT_TRUE(before);
  ASSERT_TRUE(before->header);
  EXPECT_EQ(SnapshotPages::wal_state(session.connection(), "shop"), before);
  world.shop.run("INSERT INTO t VALUES (5000, 'new')");
  EXPECT_NE(SnapshotPages::wal_state(session.connection(), "shop"), before);
}

TEST(SnapshotPagesTest, WhatCannotBeReadSo) {
  TableWorld world(kTable);
  SqliteSession session(world.options, world.clock);
  EXPECT_FALSE(SnapshotPages::wal_state(session.connection(), "main")) << "in memory";
  EXPECT_FALSE(SnapshotPages::wal_state(session.connection(), "unknown"));
  EXPECT_FALSE(SnapshotPages::open(session.connection(), "main", WalState{}));
  SqliteFile wide(world.folder / "wide.db", "PRAGMA encoding='UTF-16'; CREATE TABLE t (v TEXT)");
  EXPECT_FALSE(SnapshotPages::open(wide.handle(), "main", WalState{})) << "texts to be converted";
}

}  // namespace
}  // namespace sluice

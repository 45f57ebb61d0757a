#include "warehouse/warehouse_database.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "support/caught.h"
#include "support/sqlite_file.h"
#include "support/temp_folder.h"

namespace sluice {
namespace {

struct Folder {
  TestFolder folder;
  std::string path = folder / "warehouse.db";
};

TEST(WarehouseDatabase, CommitsAndRollsBack) {
  Folder at;
  WarehouseDatabase database(at.path);
  bool committed = false;
  database.write(
      Durability::kSynced, [](auto& file) { file.exec("CREATE TABLE t (a)"); },
      [&] { committed = true; });
  EXPECT_TRUE(committed);
  EXPECT_ERROR(database.write(
                   Durability::kCommitted,
                   [](SQLite::Database& file) {
                     file.exec("INSERT INTO t VALUES (1)");
                     throw Error(ErrorCode::kNotFound, "Gone.");
                   },
                   [] { FAIL() << "it was rolled back"; }),
               kNotFound);
  EXPECT_EQ(
      database.read([](auto& file) { return file.execAndGet("SELECT count(*) FROM t").getInt(); }),
      0);
}

TEST(WarehouseDatabase, DurabilityIsTheTransactions) {
  Folder at;
  WarehouseDatabase database(at.path);
  const auto level = [](SQLite::Database& file) {
    return file.execAndGet("PRAGMA synchronous").getInt();
  };
  EXPECT_EQ(database.write(Durability::kSynced, level), 2);
  EXPECT_EQ(database.write(Durability::kCommitted, level), 1);
  EXPECT_EQ(database.write(Durability::kSynced, level), 2);
}

TEST(WarehouseDatabase, ReadsOnlyThroughTheReader) {
  Folder at;
  WarehouseDatabase database(at.path);
  EXPECT_ERROR(database.read([](auto& file) { file.exec("CREATE TABLE t (a)"); }), kStorage);
}

TEST(WarehouseDatabase, StagedFileIsThereForOneTransaction) {
  Folder at;
  SqliteFile(at.folder / "staged.db", "CREATE TABLE rows (a); INSERT INTO rows VALUES (7)");
  WarehouseDatabase database(at.path);
  database.write(Durability::kSynced, [](auto& file) { file.exec("CREATE TABLE t (a)"); });
  for (int i = 0; i < 2; ++i) {
    database.write_from(at.folder / "staged.db",
                        [](auto& file) { file.exec("INSERT INTO t SELECT a FROM staged.rows"); });
  }
  EXPECT_EQ(
      database.read([](auto& file) { return file.execAndGet("SELECT sum(a) FROM t").getInt(); }),
      14);
  EXPECT_ERROR(database.write(Durability::kSynced,
                              [](auto& file) { file.exec("SELECT * FROM staged.rows"); }),
               kInternal);
}

TEST(WarehouseDatabase, NoDatabase) {
  Folder at;
  FILE* file = fopen(at.path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  fputs("These are words, and no database at all, whatever the name of the file says.", file);
  fclose(file);
  EXPECT_ERROR(WarehouseDatabase{at.path}, kCorrupt);
}

TEST(WarehouseDatabase, UsersFileBecomesWalAndKeepsItsTables) {
  Folder at;
  SqliteFile(at.path, "CREATE TABLE mine (a); INSERT INTO mine VALUES (1), (2)");
  WarehouseDatabase database(at.path);
  EXPECT_EQ(database.read(
                [](auto& file) { return file.execAndGet("SELECT count(*) FROM mine").getInt(); }),
            2);
  EXPECT_EQ(SqliteFile(at.path).value("PRAGMA journal_mode"), "wal");
}

TEST(WarehouseDatabase, SettledWhenWhatHadBegunIsOver) {
  TestFolder folder;
  std::atomic<bool> committed = false;
  std::promise<void> begun;
  std::promise<void> go_on;
  WarehouseDatabase other(folder / "other.db");
  std::jthread writer([&] {
    other.write(
        Durability::kCommitted,
        [&](SQLite::Database&) {
          begun.set_value();
          go_on.get_future().wait();
        },
        [&] { committed = true; });
  });
  begun.get_future().wait();
  std::jthread waiting([&] {
    other.settle();
    EXPECT_TRUE(committed);
  });
  go_on.set_value();
}

}  // namespace
}  // namespace sluice

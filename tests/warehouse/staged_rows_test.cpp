#include "warehouse/staged_rows.h"

#include <gtest/gtest.h>

#include "warehouse/warehouse_world.h"

namespace sluice {
namespace {

TEST(StagedRows, AreAFileUntilTheyAreDone) {
  TestFolder folder;
  const std::string path = folder / "staged.db";
  {
    StagedRows rows(path, parse_schema("n Int64, text String"),
                    {"import-1", "2026-11-23 08:30:00"});
    rows.add(rows_of(1, 1000), {rejected_row(4)});
    rows.add(rows_of(1001, 500), {});
    rows.finish();
    EXPECT_EQ(rows.counts().rows, 1500U);
    EXPECT_EQ(rows.counts().bytes, 1500U * 9);
    EXPECT_EQ(rows.counts().quarantined, 1U);
    SqliteFile file(path);
    EXPECT_EQ(file.value("SELECT count(*) || '/' || max(n) FROM rows"), "1500/1500");
    EXPECT_EQ(file.value("SELECT c__import_id FROM rejected"), "import-1");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(StagedRows, TakesTheNameOfWhatAKilledProcessLeft) {
  TestFolder folder;
  SqliteFile(folder / "staged.db", "CREATE TABLE rows (a)");
  StagedRows rows(folder / "staged.db", parse_schema("n Int64"), {});
  rows.finish();
  EXPECT_EQ(SqliteFile(folder / "staged.db").value("SELECT count(*) FROM rows"), "0");
}

TEST(StagedRows, NoFolder) {
  EXPECT_ERROR(StagedRows("/nowhere/staged.db", parse_schema("n Int64"), {}), kStorage);
}

TEST(StagedRows, FullDisk) {
  TestFolder folder;
  SpooledDatabase file(folder / "staged.db");
  file.database().exec("COMMIT; PRAGMA max_page_count=8; BEGIN; CREATE TABLE rows (a)");
  RowInserter inserter(file.database(), "rows", {parse_schema("a Int64").front()}, 1);
  EXPECT_THROW(
      {
        for (int i = 0; i < 100; ++i) inserter.insert(rows_of(0, 1000));
      },
      SQLite::Exception);
}

TEST(StagedRowids, CountEachOnce) {
  TestFolder folder;
  StagedRowids rowids(folder / "staged.db");
  for (const int64_t number : {5, 1, 5, -3}) rowids.add(number);
  rowids.finish();
  EXPECT_EQ(rowids.count(), 3U);
  EXPECT_EQ(SqliteFile(rowids.path()).value("SELECT group_concat(number) FROM rows"), "-3,1,5");
}

}  // namespace
}  // namespace sluice

#include "warehouse/warehouse.h"

#include <gtest/gtest.h>

#include "warehouse/warehouse_world.h"

namespace sluice {
namespace {

TEST(Warehouse, CreatesTableQuarantineAndDefinition) {
  WarehouseWorld world;
  EXPECT_EQ(world.warehouse.find("EVENTS")->id, "t_events");
  EXPECT_EQ(world.warehouse.find("t_events")->name, "events");
  EXPECT_EQ(world.warehouse.find("other"), nullptr);
  EXPECT_FALSE(world.warehouse.status("other"));
  EXPECT_EQ(
      world.value("SELECT group_concat(name || ' ' || type) FROM pragma_table_info('events')"),
      "n INTEGER,text TEXT");
  EXPECT_EQ(world.value("SELECT group_concat(name) FROM pragma_table_info('events_quarantine')"),
            "c__error_column,c__error,c__import_id,insertion_date,c__line,c__row");
  EXPECT_EQ(world.value("SELECT name FROM sluice_datasources"), "events");
  ASSERT_EQ(world.warehouse.all().size(), 1U);
}

TEST(Warehouse, NamesAreTakenOnce) {
  WarehouseWorld world;
  SqliteFile(world.path, "CREATE TABLE mine (a); CREATE TABLE your_quarantine (a)");
  for (const char* name : {"events", "Events", "events_quarantine", "mine", "your"}) {
    EXPECT_ERROR(world.warehouse.create(WarehouseWorld::source(name)), kConflict) << name;
  }
  EXPECT_EQ(world.warehouse.all().size(), 1U);
  EXPECT_EQ(world.value("SELECT count(*) FROM sqlite_schema WHERE name = 'your'"), "0");
}

TEST(Warehouse, IsThereAgainAfterARestart) {
  TestFolder folder;
  FakeClock clock;
  {
    Warehouse warehouse(folder / "warehouse.db", folder.path(), clock);
    warehouse.create(WarehouseWorld::source("events"));
    EventRows rows{"t_events", {}, {rejected_row(1)}};
    rows.batches.push_back(rows_of(0, 3));
    EXPECT_FALSE(warehouse.append_events({&rows}).front());
  }
  SqliteFile(folder / "warehouse-9.db", "CREATE TABLE rows (a)");
  Warehouse warehouse(folder / "warehouse.db", folder.path(), clock);
  EXPECT_FALSE(std::filesystem::exists(folder / "warehouse-9.db"));
  EXPECT_EQ(warehouse.status("events")->counts.rows, 3U);
  EXPECT_EQ(warehouse.status("events")->counts.quarantined, 1U);
  EXPECT_EQ(warehouse.find("events")->columns.size(), 2U);
}

TEST(Warehouse, FileIsTakenOverWhole) {
  WarehouseWorld world;
  {
    const StagedRows rows = world.staged(1, 1000, {rejected_row(3), rejected_row(9)});
    EXPECT_EQ(world.spooled(), 1U);
    EXPECT_EQ(world.value("SELECT count(*) FROM events"), "0");
    world.warehouse.append("t_events", rows);
  }
  world.warehouse.append("t_events", world.staged(1001, 10));
  EXPECT_EQ(world.spooled(), 0U);
  EXPECT_EQ(world.value("SELECT count(*) || '/' || sum(n) FROM events"), "1010/510555");
  EXPECT_EQ(world.value("SELECT group_concat(c__line) FROM events_quarantine"), "3,9");
  EXPECT_EQ(world.counts().rows, 1010U);
  EXPECT_EQ(world.counts().bytes, 1010U * 9);
  EXPECT_EQ(world.counts().quarantined, 2U);
}

TEST(Warehouse, CreatedWithItsRowsOrNotAtAll) {
  WarehouseWorld world;
  const StagedRows rows = world.staged(1, 5);
  EXPECT_ERROR(world.warehouse.create(WarehouseWorld::source("events"), &rows), kConflict);
  world.warehouse.create(WarehouseWorld::source("copy"), &rows);
  EXPECT_EQ(world.counts("copy").rows, 5U);
  EXPECT_EQ(world.value("SELECT sum(n) FROM copy"), "15");
}

TEST(Warehouse, ReplaceAndTruncate) {
  WarehouseWorld world;
  world.warehouse.append("t_events", world.staged(1, 100, {rejected_row(1)}));
  world.warehouse.replace("t_events", world.staged(500, 2));
  EXPECT_EQ(world.value("SELECT group_concat(n) FROM events"), "500,501");
  EXPECT_EQ(world.counts().rows, 2U);
  EXPECT_EQ(world.counts().bytes, 18U);
  world.warehouse.truncate("t_events");
  EXPECT_EQ(world.counts().rows, 0U);
  EXPECT_EQ(world.counts().bytes, 0U);
  EXPECT_EQ(world.counts().quarantined, 1U);
  EXPECT_EQ(world.value("SELECT count(*) FROM events"), "0");
}

TEST(Warehouse, DeletesTheRowsOfTheseNumbers) {
  WarehouseWorld world;
  world.warehouse.append("t_events", world.staged(1, 10));
  StagedRowids rowids = world.warehouse.stage_rowids();
  for (const int64_t number : {2, 4, 4, 99}) rowids.add(number);
  rowids.finish();
  EXPECT_EQ(world.warehouse.delete_rows("t_events", rowids), 2U);
  EXPECT_EQ(world.value("SELECT group_concat(n) FROM events"), "1,3,5,6,7,8,9,10");
  EXPECT_EQ(world.counts().rows, 8U);
  EXPECT_EQ(world.counts().bytes, 72U);
}

TEST(Warehouse, DropTakesTheQuarantineAlong) {
  WarehouseWorld world;
  EventRows rows{"t_events", {}, {rejected_row(1)}};
  rows.batches.push_back(rows_of(0, 1));
  world.warehouse.append_events({&rows});  // Statements of it are prepared now.
  EXPECT_TRUE(world.warehouse.drop("t_events"));
  EXPECT_FALSE(world.warehouse.drop("t_events"));
  EXPECT_EQ(world.value("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table'"),
            "sluice_datasources");
  EXPECT_ERROR(world.warehouse.truncate("t_events"), kNotFound);
  EXPECT_EQ(world.warehouse.append_events({&rows}).front()->code(), ErrorCode::kNotFound);
  DataSource again = WarehouseWorld::source("events");
  again.id = "t_again";
  world.warehouse.create(again);
  EXPECT_EQ(world.counts().rows, 0U);
}

TEST(Warehouse, ColumnsAreAddedWhileOlderRowsCome) {
  WarehouseWorld world;
  const StagedRows older = world.staged(1, 3);
  world.clock.advance(std::chrono::seconds(1));
  world.warehouse.add_columns("t_events", parse_schema("more Nullable(Int64)"));
  world.warehouse.append("t_events", older);
  EventRows rows{"t_events", {}, {rejected_row(1)}};
  rows.batches.push_back(rows_of(4, 1));
  EXPECT_FALSE(world.warehouse.append_events({&rows}).front());
  EXPECT_EQ(world.value("SELECT group_concat(n || ifnull(more, '-')) FROM events"), "1-,2-,3-,4-");
  EXPECT_EQ(world.warehouse.find("events")->columns.back().name, "more");
  EXPECT_EQ(world.warehouse.find("events")->updated_at, world.clock.now());
  world.warehouse.set_description("t_events", "All of them");
  EXPECT_EQ(world.warehouse.all().front().source->description, "All of them");
}

TEST(Warehouse, EventsOfManyInOneTransaction) {
  WarehouseWorld world;
  world.warehouse.create(WarehouseWorld::source("other"));
  EventRows one{"t_events", {}, {}};
  one.batches.push_back(rows_of(1, 2));
  EventRows gone{"t_gone", {}, {}};
  gone.batches.push_back(rows_of(1, 2));
  EventRows two{"t_other", {}, {rejected_row(8)}, Durability::kSynced};
  const auto errors = world.warehouse.append_events({&one, &gone, &two});
  EXPECT_FALSE(errors[0]);
  EXPECT_EQ(errors[1]->code(), ErrorCode::kNotFound);
  EXPECT_FALSE(errors[2]);
  EXPECT_EQ(world.counts().rows, 2U);
  EXPECT_EQ(world.counts("other").quarantined, 1U);
  EXPECT_EQ(world.value("SELECT insertion_date FROM other_quarantine"), "2026-11-23 08:30:00");
  EXPECT_EQ(world.value("SELECT c__import_id IS NULL FROM other_quarantine"), "1");
}

TEST(Warehouse, TimeOfARowIsThatOfItsTransaction) {
  WarehouseWorld world;
  const std::string schema = "n Int64, at DateTime64(6) DEFAULT now64(6), day Date DEFAULT today()";
  world.warehouse.create(WarehouseWorld::source("timed", schema));
  Batch batch;
  batch.reset(3);
  for (int i = 0; i < 2; ++i) {
    batch.add_integer(0, i);
    batch.add_null(1);
    batch.add_text(2, "2000-01-01");
    if (i == 0) batch.add_null(2);
    batch.end_row();
  }
  StagedRows staged = world.warehouse.stage(parse_schema(schema), "import-1");
  staged.add(batch, {});
  staged.finish();
  EventRows events{"t_timed", {}, {}};
  events.batches.push_back(batch);
  world.clock.set_now(Timestamp(std::chrono::microseconds(1'000'000'000'000'001)));
  EXPECT_FALSE(world.warehouse.append_events({&events}).front());
  world.clock.set_now(Timestamp(std::chrono::microseconds(1'000'086'400'000'002)));
  world.warehouse.append("t_timed", staged);
  EXPECT_EQ(world.value("SELECT group_concat(n || ' ' || at || ' ' || day, ';') FROM timed"),
            "0 2001-09-09 01:46:40.000001 2001-09-09;1 2001-09-09 01:46:40.000001 2000-01-01;"
            "0 2001-09-10 01:46:40.000002 2001-09-10;1 2001-09-10 01:46:40.000002 2000-01-01");
  EXPECT_EQ(world.value("SELECT sum(8 + length(at) + length(day)) FROM timed"),
            std::to_string(world.counts("timed").bytes));
}

TEST(Warehouse, OneThatSqliteRefusesKeepsNobodyOut) {
  WarehouseWorld world;
  EventRows good{"t_events", {}, {}};
  good.batches.push_back(rows_of(1, 2));
  EventRows bad{"t_events", {}, {}};
  bad.batches.push_back(rows_of(3, 1));
  Cell null;
  bad.batches.front().replace(0, 0, null);  // `n` is not nullable.
  const auto errors = world.warehouse.append_events({&good, &bad, &good});
  EXPECT_FALSE(errors[0]);
  EXPECT_TRUE(errors[1]);
  EXPECT_FALSE(errors[2]);
  EXPECT_EQ(world.counts().rows, 4U);
  EXPECT_EQ(world.value("SELECT count(*) FROM events"), "4");
}

TEST(Warehouse, ReadersSeeAllOfAFileOrNothing) {
  WarehouseWorld world;
  SqliteFile reader(world.path);
  reader.run("BEGIN; SELECT count(*) FROM events");
  world.warehouse.append("t_events", world.staged(1, 5000));
  EXPECT_EQ(reader.value("SELECT count(*) FROM events"), "0");
  reader.run("COMMIT");
  EXPECT_EQ(reader.value("SELECT count(*) FROM events"), "5000");
}

TEST(Warehouse, LockOfAnotherProgramIsNamed) {
  WarehouseWorld world;
  SqliteFile other(world.path);
  const StagedRows rows = world.staged(1, 5);
  other.run("BEGIN IMMEDIATE");
  EXPECT_ERROR(world.warehouse.append("t_events", rows), kBusy);
  other.run("ROLLBACK");
  world.warehouse.append("t_events", rows);
  EXPECT_EQ(world.counts().rows, 5U);
}

}  // namespace
}  // namespace sluice

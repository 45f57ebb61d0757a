#include "catalog/datasource_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "catalog/catalog_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::HasSubstr;

struct DatasourceCatalogTest : testing::Test, CatalogWorld {
  DatasourceCatalogTest() {
    group.start();
    std::filesystem::create_directory(folder / "imports");
    std::ofstream(folder / "imports/rows.csv") << "id,name\n1,a\n2,b\n";
  }

  static RowInput csv(const std::string& text) {
    return {range_in_memory(text), RowFormat::kCsv, {}};
  }
  ImportOutcome run(const std::string& name, ImportMode mode, const std::string& text,
                    const std::string& schema = "") {
    ImportWish wish;
    wish.name = name;
    wish.mode = mode;
    if (!schema.empty()) wish.schema = schema;
    if (!text.empty()) wish.input = csv(text);
    return catalog.import(wish, {});
  }
  EventOutcome events(const std::string& name, const std::string& text, bool may_create = true) {
    return catalog.take_events(name, range_in_memory(text), may_create, Durability::kCommitted);
  }
  std::string rows(const std::string& sql) {
    Query query;
    query.sql = sql;
    return result(query);
  }

  GroupCommit group{warehouse};
  DatasourceCatalog catalog{{warehouse,
                             group,
                             pipes,
                             *engine,
                             clock,
                             random,
                             {"shop"},
                             std::chrono::seconds(60),
                             folder / "imports"}};
};

TEST_F(DatasourceCatalogTest, CreatedFromASchema) {
  const ImportOutcome made =
      run("events", ImportMode::kCreate, "", "id Int64, name Nullable(String)");
  EXPECT_EQ(made.status.source->name, "events");
  EXPECT_EQ(made.status.source->id.substr(0, 2), "t_");
  EXPECT_EQ(made.status.counts.rows, 0U);
  EXPECT_EQ(catalog.get("EVENTS").source->id, made.status.source->id);
  EXPECT_EQ(rows("SELECT count(*) FROM events"), "0");
  EXPECT_ERROR(run("events", ImportMode::kCreate, "", "id Int64"), kConflict);
  EXPECT_ERROR(run("more", ImportMode::kCreate, ""), kInvalid) << "no columns";
  EXPECT_ERROR(catalog.get("more"), kNotFound);
}

TEST_F(DatasourceCatalogTest, NamesThatMeanSomethingElse) {
  pipe("orders_pipe", {"SELECT 1 AS a"});
  for (const char* name : {"1st", "a-b", "", "select", "sqlite_x", "sluice_x", "Sluice_datasources",
                           "jobs_log", "sinks_ops_log", "shop", "Orders_Pipe", "orders_pipe_0"}) {
    EXPECT_ERROR(run(name, ImportMode::kCreate, "", "id Int64"), kInvalid) << name;
  }
  EXPECT_EQ(warehouse.count(), 0U);
}

TEST_F(DatasourceCatalogTest, FilesAreAppendedAndReplace) {
  EXPECT_ERROR(run("events", ImportMode::kAppend, "1,a\n"), kNotFound);
  const ImportOutcome made =
      run("events", ImportMode::kCreate, "id,name\n1,a\nx,b\n3,c\n", "id Int64, name String");
  EXPECT_EQ(made.rows, 2U);
  EXPECT_EQ(made.quarantined, 1U);
  EXPECT_EQ(made.status.counts.quarantined, 1U);
  EXPECT_EQ(rows("SELECT c__line, c__import_id FROM events_quarantine"), "3," + made.import_id);
  EXPECT_EQ(run("events", ImportMode::kAppend, "id,name\n4,d\n").status.counts.rows, 3U);
  EXPECT_EQ(run("events", ImportMode::kReplace, "id,name\n9,z\n").status.counts.rows, 1U);
  EXPECT_EQ(rows("SELECT id, name FROM events"), "9,z");
  EXPECT_ERROR(run("events", ImportMode::kAppend, ""), kInvalid) << "no data";
}

TEST_F(DatasourceCatalogTest, NothingOfAFileThatIsBrokenHalfWay) {
  run("events", ImportMode::kCreate, "", "id Int64, name String");
  std::string text = "id,name\n";
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + ",x\n";
  text += "7,\"never closed";
  EXPECT_ERROR(run("events", ImportMode::kAppend, text), kInvalid);
  EXPECT_EQ(catalog.get("events").counts.rows, 0U);
  EXPECT_ERROR(run("other", ImportMode::kCreate, text, "id Int64, name String"), kInvalid);
  EXPECT_EQ(catalog.find("other"), nullptr);
}

TEST_F(DatasourceCatalogTest, StoppedWhileAFileIsRead) {
  run("events", ImportMode::kCreate, "", "id Int64");
  std::stop_source stop;
  stop.request_stop();
  ImportWish wish;
  wish.name = "events";
  wish.mode = ImportMode::kAppend;
  wish.input = csv("id\n1\n");
  EXPECT_ERROR(catalog.import(wish, stop.get_token()), kCancelled);
  EXPECT_EQ(catalog.get("events").counts.rows, 0U);
}

TEST_F(DatasourceCatalogTest, FileOfTheImportRoot) {
  ImportWish wish;
  wish.name = "events";
  wish.input = RowInput{catalog.open_local("rows.csv"), RowFormat::kCsv, {}};
  EXPECT_EQ(catalog.import(wish, {}).rows, 2U);
  EXPECT_EQ(rows("SELECT sum(id) FROM events"), "3");
  EXPECT_ERROR(catalog.open_local("../state.db"), kForbidden);
}

TEST_F(DatasourceCatalogTest, EventsMakeTheirDataSource) {
  EXPECT_ERROR(events("clicks", "{\"id\": 1}\n", false), kNotFound);
  EXPECT_EQ(events("clicks", "{\"id\": 1, \"who\": \"ann\"}\n{\"id\": 2, \"who\": \"bob\"}\n").rows,
            2U);
  const EventOutcome more = events(
      "clicks", "{\"id\": \"no\", \"who\": \"x\"}\n{\"id\": 3, \"who\": \"cy\", \"extra\": 1}\n",
      false);
  EXPECT_EQ(more.rows, 1U);
  EXPECT_EQ(more.quarantined, 1U);
  EXPECT_EQ(rows("SELECT id, who FROM clicks"), "1,ann;2,bob;3,cy");
  EXPECT_EQ(catalog.get("clicks").counts.rows, 3U);
  EXPECT_EQ(catalog.get("clicks").counts.quarantined, 1U);
  EXPECT_EQ(group.figures().rows, 3U);
  EXPECT_ERROR(events("clicks", ""), kInvalid);
  EXPECT_ERROR(events("jobs_log", "{\"id\": 1}\n"), kInvalid);
}

TEST_F(DatasourceCatalogTest, ManyEventsAtOnceAreStaged) {
  run("clicks", ImportMode::kCreate, "", "id Int64, text String");
  std::string text = "{\"id\": \"bad\", \"text\": \"\"}\n";
  constexpr int kRows = 20000;
  for (int i = 0; i < kRows; ++i) {
    text += "{\"id\": " + std::to_string(i) + ", \"text\": \"" + std::string(100, 'x') + "\"}\n";
  }
  const EventOutcome outcome = events("clicks", text);
  EXPECT_EQ(outcome.rows, static_cast<uint64_t>(kRows));
  EXPECT_EQ(outcome.quarantined, 1U);
  EXPECT_EQ(rows("SELECT count(*), sum(id) FROM clicks"), "20000,199990000");
  EXPECT_EQ(rows("SELECT c__import_id IS NULL FROM clicks_quarantine"), "1");
  EXPECT_EQ(group.figures().rows, static_cast<uint64_t>(kRows));
}

TEST_F(DatasourceCatalogTest, ManyMakeOneDataSourceAtOnce) {
  constexpr int kWriters = 8;
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < kWriters; ++i) {
      writers.emplace_back([&, i] { events("clicks", "{\"id\": " + std::to_string(i) + "}\n"); });
    }
  }
  EXPECT_EQ(rows("SELECT count(DISTINCT id), count(*) FROM clicks"), "8,8");
  EXPECT_EQ(warehouse.count(), 1U);
}

TEST_F(DatasourceCatalogTest, RowsAreDeletedByAConditionThatCanOnlyRead) {
  run("events", ImportMode::kCreate, "id,name\n1,a\n2,b\n3,c\n4,d\n", "id Int64, name String");
  EXPECT_EQ(catalog.delete_rows("events", "id > 2 -- and more", true, {}), 2U);
  EXPECT_EQ(catalog.get("events").counts.rows, 4U);
  EXPECT_EQ(catalog.delete_rows("events", "id > 2 -- and more", false, {}), 2U);
  EXPECT_EQ(rows("SELECT id FROM events"), "1;2");
  EXPECT_EQ(catalog.delete_rows("events", "name = 'nobody'", false, {}), 0U);
  EXPECT_EQ(catalog.get("events").counts.rows, 2U);
  EXPECT_ERROR(catalog.delete_rows("events", " ", false, {}), kInvalid);
  EXPECT_ERROR(catalog.delete_rows("events", "nope = 1", false, {}), kInvalid);
  EXPECT_ERROR(catalog.delete_rows("events", "1); DELETE FROM events; SELECT (1", false, {}),
               kInvalid);
  EXPECT_ERROR(
      catalog.delete_rows("events", "id IN (SELECT id FROM sluice_datasources)", false, {}),
      kForbidden);
  EXPECT_EQ(rows("SELECT count(*) FROM events"), "2");
}

TEST_F(DatasourceCatalogTest, WhatPipesReadIsNotDeletedByMistake) {
  run("events", ImportMode::kCreate, "", "id Int64");
  pipe("reads", {"SELECT id FROM events"});
  pipe("asks_why", {"SELECT c__error FROM events_quarantine"});
  std::vector<std::string> names;
  for (const Pipe& one : catalog.readers(*catalog.find("events"))) names.push_back(one.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("reads", "asks_why"));
  const Error error = caught([&] { catalog.remove("events", false, false); });
  EXPECT_EQ(error.code(), ErrorCode::kForbidden);
  EXPECT_THAT(error.message(), HasSubstr("'reads'"));
  catalog.remove("events", true, true);
  EXPECT_NE(catalog.find("events"), nullptr);
  catalog.remove("events", true, false);
  EXPECT_EQ(catalog.find("events"), nullptr);
  EXPECT_ERROR(catalog.remove("events", true, false), kNotFound);
}

TEST_F(DatasourceCatalogTest, TruncateAndDescribe) {
  run("events", ImportMode::kCreate, "id\n1\n", "id Int64");
  catalog.truncate("events");
  EXPECT_EQ(catalog.get("events").counts.rows, 0U);
  catalog.describe("events", "All of them");
  EXPECT_EQ(catalog.all().front().source->description, "All of them");
  EXPECT_ERROR(catalog.describe("events", std::string(100'000, 'x')), kTooLarge);
}

TEST_F(DatasourceCatalogTest, ColumnsAreAddedBehind) {
  run("events", ImportMode::kCreate, "id\n1\n", "id Int64");
  EXPECT_ERROR(catalog.change_schema("events", "id String", false), kInvalid);
  EXPECT_ERROR(catalog.change_schema("events", "more Nullable(Int64), id Int64", false), kInvalid);
  EXPECT_ERROR(catalog.change_schema("events", "id Int64, more Int64", false), kInvalid);
  catalog.change_schema("events", "id Int64, more Nullable(Int64)", true);
  EXPECT_EQ(catalog.find("events")->columns.size(), 1U);
  catalog.change_schema("events", "id Int64, more Nullable(Int64)", false);
  catalog.change_schema("events", "id Int64, more Nullable(Int64)", false);
  EXPECT_EQ(events("events", "{\"id\": 2, \"more\": 5}\n").rows, 1U);
  EXPECT_EQ(rows("SELECT id, more FROM events"), "1,;2,5");
}

TEST_F(DatasourceCatalogTest, Modes) {
  EXPECT_EQ(parse_import_mode("Append"), ImportMode::kAppend);
  EXPECT_EQ(parse_import_mode("create"), ImportMode::kCreate);
  EXPECT_EQ(parse_import_mode("replace"), ImportMode::kReplace);
  EXPECT_ERROR(parse_import_mode("upsert"), kInvalid);
}

}  // namespace
}  // namespace sluice

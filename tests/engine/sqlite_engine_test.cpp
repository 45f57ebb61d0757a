#include "engine/sqlite_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/limits.h"
#include "engine/engine_world.h"
#include "support/caught.h"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// n = 1..100,000.
const std::string kHundredThousand =
    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 100000) ";

TEST(SqliteEngine, EveryTypeAsItIs) {
  EngineWorld world;
  EXPECT_THAT(world.rows("SELECT NULL, 1, 1.5, 'text', x'00ff', '', x''"),
              ElementsAre(std::string("null,1,1.5,'text',x'\0\xff','',x''", 30)));
  EXPECT_THAT(world.rows("VALUES (9223372036854775807), (-9223372036854775808), (0)"),
              ElementsAre("9223372036854775807", "-9223372036854775808", "0"));
  EXPECT_THAT(world.rows("VALUES (1e300), (-0.0), (0.1), (1e999)"),
              ElementsAre("1e+300", "-0.0", "0.1", "Inf"));
  EXPECT_THAT(world.rows("SELECT 'größe', char(0x1F600)"), ElementsAre("'größe','\U0001F600'"));
  EXPECT_THAT(world.rows("SELECT cast(x'610062' AS TEXT)"), ElementsAre(std::string("'a\0b'", 5)));
}

TEST(SqliteEngine, ValuesAreTypedNotColumns) {
  EngineWorld world(
      "CREATE TABLE t (v INTEGER); INSERT INTO t VALUES (1), ('x'), (NULL), (2.5), (x'41')");
  EXPECT_THAT(world.rows("SELECT v FROM shop.t"), ElementsAre("1", "'x'", "null", "2.5", "x'A'"));
}

TEST(SqliteEngine, ColumnsAreNamedAndDeclared) {
  EngineWorld world;
  const auto columns =
      world.engine()
          .describe({{}, "SELECT id, total AS t, id + 1, 'x' AS \"a b\" FROM shop.orders"})
          .columns;
  ASSERT_EQ(columns.size(), 4U);
  EXPECT_EQ(columns[0].name, "id");
  EXPECT_EQ(columns[0].declared_type, "INTEGER");
  EXPECT_EQ(columns[1].name, "t");
  EXPECT_EQ(columns[1].declared_type, "REAL");
  EXPECT_EQ(columns[2].declared_type, "");
  EXPECT_EQ(columns[3].name, "a b");
}

TEST(SqliteEngine, AnEmptyResultHasColumnsAndNoRows) {
  EngineWorld world;
  auto reader = world.open("SELECT id FROM shop.orders");
  EXPECT_EQ(reader->columns().size(), 1U);
  Batch batch;
  EXPECT_FALSE(reader->next(batch));
  EXPECT_EQ(batch.rows(), 0U);
  EXPECT_FALSE(reader->next(batch)) << "the end stays the end";
}

TEST(SqliteEngine, BatchesHaveALimit) {
  EngineWorld world;
  auto reader = world.open(kHundredThousand + "SELECT n FROM r");
  Batch batch;
  uint64_t rows = 0;
  while (reader->next(batch)) {
    EXPECT_LE(batch.rows(), limits::kBatchRows);
    rows += batch.rows();
  }
  EXPECT_EQ(rows, 100000U);
  auto wide = world.open(kHundredThousand + "SELECT zeroblob(600000) FROM r LIMIT 4");
  ASSERT_TRUE(wide->next(batch));
  EXPECT_EQ(batch.rows(), 2U) << "full with the row that passes limits::kBatchBytes";
}

TEST(SqliteEngine, AFailureInALateRowIsTold) {
  EngineWorld world;
  for (const char* expression :
       {"json(CASE n WHEN 100000 THEN 'x' ELSE '1' END)",
        "abs(CASE n WHEN 100000 THEN -9223372036854775807 - 1 ELSE n END)"}) {
    auto reader = world.open(kHundredThousand + "SELECT " + expression + " FROM r");
    uint64_t rows = 0;
    Batch batch;
    const Error error = caught([&] {
      while (reader->next(batch)) rows += batch.rows();
    });
    EXPECT_EQ(error.code(), ErrorCode::kInvalid) << expression;
    EXPECT_THAT(error.what(), HasSubstr("The query failed: "));
    EXPECT_GE(rows, 98000U);
  }
}

TEST(SqliteEngine, AValueThatIsTooLarge) {
  EngineWorld world;
  auto reader = world.open("SELECT zeroblob(" + std::to_string(limits::kValueBytes + 1) + ")");
  Batch batch;
  EXPECT_ERROR(reader->next(batch), kTooLarge);
}

TEST(SqliteEngine, AReaderSeesOneSnapshotWhileOthersCommit) {
  for (const char* mode : {"WAL", "DELETE"}) {
    EngineWorld world("CREATE TABLE t (a)");
    world.shop.run("PRAGMA journal_mode=" + std::string(mode));
    world.shop.run(kHundredThousand + "INSERT INTO t SELECT n FROM r");
    auto reader = world.open("SELECT a FROM shop.t");
    Batch batch;
    ASSERT_TRUE(reader->next(batch));
    uint64_t rows = batch.rows();
    if (std::string(mode) == "WAL") {
      world.shop.run("DELETE FROM t WHERE a > 10");  // A WAL never lets readers wait.
    } else {
      EXPECT_ANY_THROW(world.shop.run("DELETE FROM t")) << "a reader's lock holds writers off";
    }
    while (reader->next(batch)) rows += batch.rows();
    EXPECT_EQ(rows, 100000U) << mode;
    reader.reset();
    const char* left = std::string(mode) == "WAL" ? "10" : "100000";
    EXPECT_THAT(world.rows("SELECT count(*) FROM shop.t"), ElementsAre(left));
  }
}

TEST(SqliteEngine, AWalDatabaseThatNobodyHasOpen) {
  EngineWorld world;
  const std::string path = world.folder / "wal.db";
  {
    SqliteFile file(path, "PRAGMA journal_mode=WAL; CREATE TABLE t (a); INSERT INTO t VALUES (7)");
  }
  EXPECT_FALSE(std::filesystem::exists(path + "-wal"));
  world.options.files.push_back({"wal", path});
  EXPECT_THAT(world.rows("SELECT a FROM wal.t"), ElementsAre("7"));
}

TEST(SqliteEngine, TheWarehouseNeedsNoPrefixAndMayComeLater) {
  EngineWorld world;
  EXPECT_ERROR(world.rows("SELECT * FROM facts"), kInvalid);
  EXPECT_FALSE(std::filesystem::exists(world.options.warehouse_path)) << "reading made it";
  SqliteFile warehouse(world.options.warehouse_path,
                       "CREATE TABLE facts (a); INSERT INTO facts VALUES (1)");
  EXPECT_THAT(world.rows("SELECT * FROM facts"), ElementsAre("1"));
  EXPECT_THAT(world.tables("SELECT * FROM facts"), ElementsAre("facts"));
}

TEST(SqliteEngine, JoinsAcrossNineFiles) {
  EngineWorld world("CREATE TABLE t (a)");
  world.options.files.clear();
  std::string sum = "SELECT 0";
  for (int i = 1; i <= 9; ++i) {
    const std::string name = "f" + std::to_string(i);
    const std::string path = world.folder / (name + " with space?#%.db");
    SqliteFile file(path, "CREATE TABLE t (a); INSERT INTO t VALUES (" + std::to_string(i) + ")");
    world.options.files.push_back({name, path});
    sum += " + (SELECT a FROM " + name + ".t)";
  }
  EXPECT_THAT(world.rows(sum), ElementsAre("45"));
  world.options.files.push_back({"f10", world.shop.path()});
  const Error error = caught([&] { make_sqlite_engine(world.options, world.clock); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_THAT(error.what(), HasSubstr("At most 9"));
}

TEST(SqliteEngine, WrongFilesAreToldAtTheStart) {
  EngineWorld world;
  auto with = [&](const std::string& name, const std::string& path) {
    return caught([&] {
      make_sqlite_engine({world.folder / "warehouse.db", {{name, path}}}, world.clock);
    });
  };
  EXPECT_EQ(with("a", world.folder / "missing.db").code(), ErrorCode::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(world.folder / "missing.db"));
  EXPECT_EQ(with("a", world.folder.path()).code(), ErrorCode::kInvalid) << "a folder";
  std::ofstream(world.folder / "text.db") << std::string(5000, 'x');
  const Error foreign = with("a", world.folder / "text.db");
  EXPECT_EQ(foreign.code(), ErrorCode::kInvalid);
  EXPECT_THAT(foreign.what(), HasSubstr("text.db"));
  for (const char* name : {"main", "temp", "a b", "", "1", "a\"b"}) {
    EXPECT_EQ(with(name, world.shop.path()).code(), ErrorCode::kInvalid) << name;
  }
}

TEST(SqliteEngine, TwoFilesOfOneName) {
  EngineWorld world;
  world.options.files.push_back({"SHOP", world.shop.path()});
  const Error error = caught([&] { make_sqlite_engine(world.options, world.clock); });
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
}

TEST(SqliteEngine, AFileThatGoesLater) {
  EngineWorld world;
  world.engine();
  std::filesystem::remove(world.shop.path());
  EXPECT_ERROR(world.rows("SELECT * FROM shop.orders"), kStorage);
  EXPECT_FALSE(std::filesystem::exists(world.shop.path())) << "reading made it again";
}

TEST(SqliteEngine, ViewsInOrder) {
  EngineWorld world;
  const Query query = {{{"one", "SELECT 1 AS a"}, {"two", "SELECT a + 1 AS a FROM one"}},
                       "SELECT one.a, two.a FROM one, two"};
  EXPECT_THAT(rest_of(*world.engine().open(query, kLongRun, {})), ElementsAre("1,2"));
}

TEST(SqliteEngine, TableFunctionsOfJson) {
  EngineWorld world;
  EXPECT_THAT(world.rows("SELECT value FROM json_each('[1,\"a\"]')"), ElementsAre("1", "'a'"));
  EXPECT_THAT(world.rows("SELECT count(*) FROM json_tree('[1,[2]]')"), ElementsAre("4"));
}

}  // namespace
}  // namespace sluice

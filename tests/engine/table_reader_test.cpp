#include "engine/table_reader.h"

#include <cstdio>
#include <fstream>
#include <random>

#include "engine/table_world.h"

namespace sluice {
namespace {

const char* const kNumbers =
    "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 3000) ";

TEST(TableReaderTest, EveryKindOfValueIsWhatSqliteGives) {
  TableWorld world(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, b BLOB, n NUMERIC, a);"
      "INSERT INTO t VALUES (1, 0, 0, '', x'', 0, NULL), (2, 1, 1, 'a', x'00', 1, 'x'),"
      "(3, 127, 1.5, 'zwölf', x'0102', 1e300, 7), (4, -128, -1e-300, '日本', x'ff', '12', 1.25),"
      "(5, 32767, 1e999, 'x' || char(0) || 'y', NULL, 'twelve', x'ab'), (6, -32768, -1e999, NULL, "
      "'text', -1, 1),"
      "(7, 8388607, 3, 5, 6, 7, 8), (8, -8388608, '4', x'41', '', 2.0, ''), (9, 2147483647, "
      "9007199254740993, '', '', '', ''),"
      "(10, -2147483648, NULL, NULL, NULL, NULL, NULL), (11, 140737488355327, 1, 1, 1, 1, 1), (12, "
      "-140737488355328, 1, 1, 1, 1, 1),"
      "(13, 9223372036854775807, 9223372036854775807, 1, 1, 1, 1), (-5, -9223372036854775808, "
      "-9223372036854775808, 1, 1, 1, 1)");
  for (const char* sql :
       {"SELECT * FROM shop.t", "SELECT r FROM shop.t", "SELECT a, id FROM shop.t",
        "SELECT b, s, rowid FROM shop.t", "SELECT id FROM shop.t"}) {
    const TableWorld::Taken taken = world.from_pages(sql);
    EXPECT_EQ(taken.given_up, 0) << sql;
    EXPECT_EQ(taken.rows.size(), 14U);
    EXPECT_EQ(taken.rows, world.rows(sql)) << sql;
  }
}

TEST(TableReaderTest, RecordsThatGoOnInOtherPages) {
  for (const char* size : {"512", "1024", "4096", "65536"}) {
    TableWorld world(std::string("PRAGMA page_size=") + size +
                     "; CREATE TABLE t (a TEXT, b BLOB, c INTEGER, d TEXT)");
    world.shop.run(
        std::string(kNumbers) +
        "INSERT INTO t SELECT hex(randomblob(n)), zeroblob(n % 700), n, hex(randomblob(n * 7 "
        "% 5000)) FROM r WHERE n % 7 = 0");
    for (const char* sql :
         {"SELECT * FROM shop.t", "SELECT c FROM shop.t", "SELECT d, a FROM shop.t"}) {
      const TableWorld::Taken taken = world.from_pages(sql);
      EXPECT_EQ(taken.given_up, 0) << sql;
      EXPECT_EQ(taken.rows, world.rows(sql)) << size << " " << sql;
    }
  }
}

TEST(TableReaderTest, AHeaderThatGoesOnInOtherPages) {
  std::string names = "c0";
  std::string values = "1";
  for (int i = 1; i < 900; ++i) {
    names += ", c" + std::to_string(i);
    values += i % 3 == 0 ? ", 'text " + std::to_string(i) + "'" : ", " + std::to_string(i);
  }
  TableWorld world("PRAGMA page_size=512; CREATE TABLE t (" + names + "); INSERT INTO t VALUES (" +
                   values + "); INSERT INTO t SELECT * FROM t; INSERT INTO t SELECT * FROM t");
  const TableWorld::Taken taken = world.from_pages("SELECT * FROM shop.t");
  EXPECT_EQ(taken.given_up, 0);
  EXPECT_EQ(taken.rows, world.rows("SELECT * FROM shop.t"));
}

TEST(TableReaderTest, SpaceThatIsReservedOnEachPage) {
  TableWorld world;
  int reserved = 32;
  sqlite3_file_control(world.shop.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  world.shop.run("VACUUM; CREATE TABLE t (a INTEGER, b BLOB)");
  world.shop.run(std::string(kNumbers) + "INSERT INTO t SELECT n, zeroblob(n * 3) FROM r");
  const TableWorld::Snapshot snapshot = world.snapshot(world.clock);
  ASSERT_TRUE(snapshot.pages);
  EXPECT_EQ(snapshot.pages->page_size() - snapshot.pages->usable_size(), 32U);
  const TableWorld::Taken taken = world.from_pages(snapshot, "SELECT * FROM shop.t");
  EXPECT_EQ(taken, (TableWorld::Taken{world.rows("SELECT * FROM shop.t"), 0}));
}

TEST(TableReaderTest, RangesGiveEachRowOnce) {
  TableWorld world("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
  world.shop.run(std::string(kNumbers) +
                 "INSERT INTO t SELECT n * 5 - 4000, hex(randomblob(20)) FROM r");
  world.shop.run(
      "INSERT INTO t VALUES (-9223372036854775808, 'low'), (9223372036854775807, 'high')");
  const TableWorld::Snapshot snapshot = world.snapshot(world.clock);
  const std::string sql = "SELECT * FROM shop.t";
  std::vector<std::string> rows;
  int64_t low = INT64_MIN;
  for (const int64_t high : {int64_t{-4001}, int64_t{-3995}, int64_t{0}, int64_t{1}, int64_t{3333},
                             int64_t{11000}, INT64_MAX - 1, INT64_MAX}) {
    const TableWorld::Taken part = world.from_pages(snapshot, sql, low, high);
    EXPECT_EQ(part.given_up, 0);
    rows.insert(rows.end(), part.rows.begin(), part.rows.end());
    if (high != INT64_MAX) low = high + 1;
  }
  EXPECT_EQ(rows, world.rows(sql));
  EXPECT_EQ(rows.size(), 3002U);
}

TEST(TableReaderTest, ColumnsThatWereAddedLater) {
  TableWorld world(
      "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('old'), ('older');"
      "ALTER TABLE t ADD COLUMN b TEXT; INSERT INTO t VALUES ('new', 'b')");
  const std::string sql = "SELECT * FROM shop.t";
  EXPECT_EQ(world.from_pages(sql),
            (TableWorld::Taken{{"'old',null", "'older',null", "'new','b'"}, 0}));
  world.shop.run(
      "ALTER TABLE t ADD COLUMN c TEXT DEFAULT 5; INSERT INTO t (a, b, c) VALUES (1, 2, 3)");
  // What a default is worth is SQLite's to say.
  const TableWorld::Taken taken =
      world.from_pages(world.snapshot(world.clock), sql, INT64_MIN, INT64_MAX, true);
  EXPECT_EQ(taken.given_up, 1);
  EXPECT_EQ(taken.rows, (std::vector<std::string>{"'old',null,'5'", "'older',null,'5'",
                                                  "'new','b','5'", "'1','2','3'"}));
}

TEST(TableReaderTest, EndsWithItsTimeAndAtAStop) {
  TableWorld world("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('x')");
  TableWorld::Snapshot snapshot = world.snapshot(world.clock);
  std::stop_source stop;
  stop.request_stop();
  snapshot.session->limit(kLongRun, stop.get_token());
  try {
    world.from_pages(snapshot, "SELECT * FROM shop.t");
    FAIL() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  snapshot.session->limit(std::chrono::seconds(0), {});
  try {
    world.from_pages(snapshot, "SELECT * FROM shop.t");
    FAIL() << "ran on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  }
}

/// Random tables under random changes, read both ways.
class RandomTable {
 public:
  explicit RandomTable(unsigned seed) : random_(seed) {}

  unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }
  std::string schema() {
    static const char* const kTypes[] = {"INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", ""};
    static const char* const kSizes[] = {"512", "1024", "4096", "32768"};
    columns_ = 1 + below(12);
    std::string sql = std::string("PRAGMA page_size=") + kSizes[below(4)] +
                      "; PRAGMA auto_vacuum=" + std::to_string(below(3)) +
                      "; PRAGMA journal_mode=" + (below(2) == 0 ? "WAL" : "DELETE") +
                      "; CREATE TABLE t (";
    if (below(2) == 0) sql += "id INTEGER PRIMARY KEY, ";
    for (unsigned i = 0; i < columns_; ++i) {
      sql += (i == 0 ? "c" : ", c") + std::to_string(i) + " " + kTypes[below(6)];
    }
    return sql + ")";
  }
  std::string value() {
    switch (below(9)) {
      case 0:
        return "NULL";
      case 1:
        return std::to_string(static_cast<int64_t>(random_()) >> below(32));
      case 2:
        return "random() >> " + std::to_string(below(63));
      case 3:
        return "random() / 1e" + std::to_string(below(30));
      case 4:
        return "CAST(" + std::to_string(below(1000)) + " AS REAL)";
      case 5:
        return "hex(randomblob(" + std::to_string(below(30)) + "))";
      case 6:
        return "hex(randomblob(" + std::to_string(below(3000)) + "))";
      case 7:
        return "zeroblob(" + std::to_string(below(2000)) + ")";
      default:
        return "'" + std::to_string(below(100000)) + "'";
    }
  }
  std::string change() {
    const unsigned kind = below(10);
    const std::string column = "c" + std::to_string(below(columns_));
    if (kind == 0) return "DELETE FROM t WHERE abs(random()) % 4 = 0";
    if (kind == 1)
      return "UPDATE t SET " + column + " = " + value() + " WHERE abs(random()) % 5 = 0";
    if (kind == 2) return "PRAGMA wal_checkpoint";
    if (kind == 3 && below(4) == 0) return "VACUUM";
    std::string names = column;
    std::string values = value();
    for (unsigned i = 0; i < columns_; ++i) {
      const std::string name = "c" + std::to_string(i);
      if (name == column) continue;
      names += ", " + name;
      values += ", " + value();
    }
    return "WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < " +
           std::to_string(1 + below(60)) + ") INSERT INTO t (" + names + ") SELECT " + values +
           " FROM r";
  }

 private:
  std::mt19937 random_;
  unsigned columns_ = 1;
};

TEST(TableReaderTest, RandomTablesAreReadAsSqliteReadsThem) {
  size_t rows = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomTable random(seed);
    TableWorld world(random.schema());
    for (int i = 0; i < 12; ++i) {
      world.shop.run(random.change());
      if (i % 3 != 2) continue;
      const TableWorld::Taken taken = world.from_pages("SELECT * FROM shop.t");
      EXPECT_EQ(taken.given_up, 0) << "seed " << seed;
      ASSERT_EQ(taken.rows, world.rows("SELECT * FROM shop.t")) << "seed " << seed;
      rows += taken.rows.size();
    }
  }
  EXPECT_GT(rows, 10000U) << "the tables are not worth a test";
}

/// A file of which some bytes are something else.
void damage(const std::string& path, std::mt19937& source) {
  const auto random = [&] { return static_cast<unsigned>(source()); };
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(0, std::ios::end);
  const auto size = static_cast<unsigned>(file.tellg());
  const unsigned hits = 1 + random() % 30;
  for (unsigned i = 0; i < hits; ++i) {
    // Not the file's header, of which SQLite itself would make nothing, and often a page's head.
    const unsigned page = 1 + random() % (size / 512 - 1);
    const unsigned at = random() % (random() % 2 == 0 ? 16 : 512);
    file.seekp(page * 512 + at);
    file.put(static_cast<char>(random()));
  }
}

TEST(TableReaderTest, DamagedFilesEndInRowsOrAnErrorAndNothingElse) {
  std::mt19937 random(7);
  int errors = 0;
  int whole = 0;
  for (int round = 0; round < 300; ++round) {
    TableWorld world("PRAGMA page_size=512; CREATE TABLE t (a TEXT, b INTEGER, c BLOB)");
    world.shop.run(std::string(kNumbers) +
                   "INSERT INTO t SELECT hex(randomblob(n % 50)), n, zeroblob(n % 30 * (n % 40)) "
                   "FROM r WHERE n < 400");
    world.engine();  // Before the damage: a file that can't be opened is told at start.
    damage(world.shop.path(), random);
    try {
      const TableWorld::Taken taken = world.from_pages("SELECT * FROM shop.t");
      EXPECT_LE(taken.rows.size(), 100000U);
      ++whole;
    } catch (const Error&) {
      ++errors;
    } catch (const SQLite::Exception&) {
      ++errors;  // The damage was met before the reader's first page.
    }
  }
  EXPECT_GT(errors, 20);
  EXPECT_GT(whole, 20);
}

}  // namespace
}  // namespace sluice
